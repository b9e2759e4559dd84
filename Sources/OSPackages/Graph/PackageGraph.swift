/// The graph of a set of packages in Graphviz' language.
public enum PackageGraph {
    /// The graph: a node for each package, an edge to each that it depends on; the same text for the same set.
    ///
    /// https://graphviz.org/doc/info/lang.html
    public static func dot(_ packages: [Package]) -> String {
        var nodes: Set<String> = []
        var edges: Set<String> = []
        for package in packages {
            let name = quoted(package.name)
            nodes.insert("  \(name) [label=\"\(clean(package.name))\\n\(clean(package.version))\"];\n")
            for other in package.depends { edges.insert("  \(name) -> \(quoted(other));\n") }
        }
        return "digraph packages {\n" + nodes.sorted().joined() + edges.sorted().joined() + "}\n"
    }

    /// A quoted identifier.
    private static func quoted(_ text: String) -> String { "\"\(clean(text))\"" }

    /// A text without quotes, backslashes and control characters.
    private static func clean(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F && $0 != "\"" && $0 != "\\" }))
    }
}
