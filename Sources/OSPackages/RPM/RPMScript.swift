/// What is done in Python, whose modules dnf 4 is made of: the scripts read an order, a file of JSON, and answer on stdout.
///
/// They are run by the interpreter that dnf's own first line names, isolated from the user's Python (`-I`).
enum RPMScript {
    /// Keeps the keys of the order's repositories.
    static var trust: String { program([reading, trusting], "answered(trust)") }
    /// Resolves the order's packages with dnf.
    static var resolve: String {
        program(
            [reading, trusting, "import dnf, logging\nimport xml.etree.ElementTree as tree", checking, resolving],
            "answered(resolve)")
    }
    /// Fetches the order's packages.
    static var fetch: String {
        program(
            [fetching], "with open(sys.argv[1], encoding='utf-8') as file: json.dump(run(json.load(file)), sys.stdout)")
    }

    private static func program(_ parts: [String], _ start: String) -> String {
        (parts + [start]).joined(separator: "\n\n") + "\n"
    }
}
