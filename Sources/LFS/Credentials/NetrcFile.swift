/// The logins of a `.netrc` file.
struct NetrcFile: Sendable {
    /// One login; the host is nil for the `default` entry.
    private struct Machine {
        var host: String?
        var login = ""
        var password = ""
    }

    private var machines: [Machine] = []

    /// Reads the file's text; what it does not know is skipped.
    init(_ text: String) {
        var inMacro = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if inMacro {
                inMacro = !line.isEmpty
                continue
            }
            var words = line.split { $0 == " " || $0 == "\t" || $0 == "\r" }.map(String.init)[...]
            while let word = words.popFirst() {
                switch word {
                case "machine": machines.append(Machine(host: words.popFirst()?.lowercased() ?? ""))
                case "default": machines.append(Machine(host: nil))
                case "login": set(\.login, words.popFirst())
                case "password": set(\.password, words.popFirst())
                case "account": _ = words.popFirst()
                case "macdef":
                    inMacro = true
                    words = []
                default:
                    if word.hasPrefix("#") { words = [] }
                }
            }
        }
    }

    private mutating func set(_ key: WritableKeyPath<Machine, String>, _ value: String?) {
        if let last = machines.indices.last, let value { machines[last][keyPath: key] = value }
    }

    /// The login of a host (without port), else the default one.
    func credential(for host: String, user: String?) -> Credential? {
        let found = machines.first { machine in
            (machine.host == nil || machine.host == host) && (user == nil || user == machine.login)
        }
        guard let found, !found.login.isEmpty || !found.password.isEmpty else { return nil }
        return Credential(user: found.login, password: found.password)
    }
}
