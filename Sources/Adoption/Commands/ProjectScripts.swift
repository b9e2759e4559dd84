import SystemCalls

/// The scripts of a project, and what they call engines for.
struct ProjectScripts: Sendable {
    /// A call, and in what it stands.
    struct Found: Hashable, Sendable {
        let call: EngineCall
        /// The script's name, or the target's of a Makefile.
        let title: String
    }

    private(set) var calls: [Found] = []
    /// Targets of the Makefile at the root that are for tests and call no engine, with the commands of their recipes.
    private(set) var targets: [(name: String, recipe: [ShellLine])] = []

    private static let folders: Set<String> = ["", "bin", "scripts", "script", "ci", "tools", "hack", "test", "tests"]
    private static let scripts = 300
    private static let testTargets: Set<String> = [
        "test", "tests", "check", "unit", "unittest", "integration", "e2e", "lint", "spec", "verify",
    ]

    /// Reads scripts and Makefiles.
    init(_ files: ProjectFiles) {
        for path in files.paths.filter(Self.mayBeScript).prefix(Self.scripts) {
            guard let text = files.text(path), path.name.hasSuffix(".sh") || Self.isShell(text) else { continue }
            read(text, of: path)
        }
        for name in ["GNUmakefile", "makefile", "Makefile"] {
            guard let text = files.text(RelativePath(name)) else { continue }
            readMakefile(text, RelativePath(name))
            break
        }
    }

    private static func mayBeScript(_ path: RelativePath) -> Bool {
        path.name.hasSuffix(".sh") || (!path.name.contains(".") && folders.contains(path.parent?.description ?? ""))
    }

    private static func isShell(_ text: String) -> Bool {
        let first = text.prefix { !$0.isNewline }
        return first.hasPrefix("#!") && first.split { "/ ".contains($0) }.contains { $0.hasSuffix("sh") }
    }

    private mutating func read(_ text: String, of path: RelativePath) {
        let reader = ShellReader(
            text, variables: [ShellExpansion.scriptFolder: path.parent?.folderText ?? "."])
        for line in reader.lines {
            if let call = EngineCall(line, in: path) { calls.append(Found(call: call, title: path.name)) }
        }
    }

    /// Reads rules of a Makefile; what a recipe's shell sees of make's variables is not known.
    private mutating func readMakefile(_ text: String, _ path: RelativePath) {
        var names: [String] = []
        var variables = ["CURDIR": ".", "PWD": "."]
        var recipes: [(name: String, text: String, line: Int)] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.hasPrefix("\t") {
                let command = line.drop { "\t @-+".contains($0) }
                for name in names { recipes.append((name, String(command), index + 1)) }
            } else if let (name, value) = Self.makeVariable(line) {
                variables[name] = value
            } else if let colon = line.firstIndex(of: ":"), !line.hasPrefix("#"), !line.hasPrefix("."),
                !line[..<colon].contains("="), line[line.index(after: colon)...].first != "="
            {
                names = line[..<colon].split(separator: " ").map(String.init)
                for name in names where !recipes.contains(where: { $0.name == name }) {
                    recipes.append((name, "", index + 1))
                }
            } else if !line.isEmpty {
                names = []
            }
        }
        var seen: [String] = []
        for name in recipes.map(\.name) where !seen.contains(name) {
            seen.append(name)
            let own = recipes.filter { $0.name == name }
            var commands: [ShellLine] = []
            for part in own {
                // `$$NAME` is the shell's, `$(NAME)` make's.
                var shell = part.text
                for (name, value) in variables {
                    shell = shell.replacing("$(\(name))", with: value).replacing("${\(name)}", with: value)
                }
                shell = shell.replacing("$$", with: "$")
                commands += ShellReader(shell).lines.map { ShellLine(words: $0.words, number: part.line) }
            }
            let found = commands.compactMap { EngineCall($0, in: path) }
            calls += found.map { Found(call: $0, title: name) }
            let parts = name.split { !$0.isLetter && !$0.isNumber }.map { $0.lowercased() }
            if found.isEmpty, !name.contains("%"), !name.contains("$"),
                parts.contains(where: Self.testTargets.contains),
                calls.isEmpty || !commands.contains(where: Self.startsScript)
            {
                targets.append((name, commands))
            }
        }
    }

    /// Whether a command runs a script of the project, which may call an engine, be it through another one.
    private static func startsScript(_ line: ShellLine) -> Bool {
        guard let program = line.texts.first else { return false }
        return program.hasSuffix(".sh")
            || ["bin/", "./bin/", "scripts/", "./scripts/"].contains { program.hasPrefix($0) }
    }

    /// The variable that a line of a Makefile sets to a plain text: `NAME = value`, `:=`, `?=`.
    private static func makeVariable(_ line: Substring) -> (name: String, value: String)? {
        guard let sign = line.firstIndex(of: "=") else { return nil }
        var name = line[..<sign]
        while let last = name.last, ":? \t".contains(last) { name = name.dropLast() }
        let value = line[line.index(after: sign)...].drop { $0 == " " || $0 == "\t" }.prefix { $0 != "#" }
        guard ShellExpansion.isName(name), !value.contains("$") else { return nil }
        return (String(name), value.split(separator: " ").joined(separator: " "))
    }
}
