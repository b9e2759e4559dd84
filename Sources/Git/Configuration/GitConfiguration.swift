import SystemCalls
import SystemPackage

/// The effective Git configuration: every level from the system's file to `git -c`, in the order in which Git reads them.
public struct GitConfiguration: Sendable {
    /// The level that an entry comes from.
    public enum Scope: Int, Hashable, Sendable, Comparable {
        case system, global, local, worktree, command

        /// Orders by precedence, the weakest first.
        public static func < (left: Scope, right: Scope) -> Bool { left.rawValue < right.rawValue }
    }

    /// One variable as one line of one file sets it.
    public struct Entry: Hashable, Sendable {
        /// `section.subsection.name`, section and name in lower case.
        public let name: String
        /// The value; nil for a variable without `=`, which means true.
        public let value: String?
        /// The level of the file.
        public let scope: Scope
        /// The file; nil for the environment.
        public let origin: FilePath?
        /// The line of the file, where one file was read by itself.
        public var line: Int?
    }

    /// All entries, the weakest level first; a later one wins.
    public let entries: [Entry]
    private let positions: [String: [Int]]
    private let home: String?

    /// Takes entries in order of precedence.
    public init(entries: [Entry], home: String? = nil) {
        self.entries = entries
        self.home = home
        positions = Dictionary(grouping: entries.indices) { entries[$0].name }
    }

    /// Reads the text of a single file, such as `.lfsconfig`, without following includes.
    public init(parsing bytes: [UInt8], file: String, scope: Scope = .local) throws(GitError) {
        let variables = try GitConfigurationParser.parse(bytes, file: file)
        self.init(
            entries: variables.map {
                Entry(name: $0.name, value: $0.value, scope: scope, origin: FilePath(file), line: $0.line)
            })
    }

    /// The entry in force for a variable.
    public func entry(_ name: String) -> Entry? {
        positions[Self.canonical(name)]?.last.map { entries[$0] }
    }

    /// The value in force; an empty text where the variable stands without `=`.
    public func string(_ name: String) -> String? {
        entry(name).map { $0.value ?? "" }
    }

    /// All values of a variable, the weakest first.
    public func strings(_ name: String) -> [String] {
        positions[Self.canonical(name)]?.map { entries[$0].value ?? "" } ?? []
    }

    /// The value in force as a truth value.
    public func bool(_ name: String) throws(GitError) -> Bool? {
        guard let entry = entry(name) else { return nil }
        guard let value = entry.value else { return true }
        if let truth = Self.truth(value) { return truth }
        throw GitError(.invalid, "read", "Git configuration \(name)", "'\(value)' is not a truth value")
    }

    /// The value in force as a number, with the suffixes `k`, `m` and `g`.
    public func int(_ name: String) throws(GitError) -> Int? {
        guard let value = string(name) else { return nil }
        if let number = Self.number(value) { return number }
        throw GitError(.invalid, "read", "Git configuration \(name)", "'\(value)' is not a number")
    }

    /// The value in force as a path, `~/` expanded.
    public func path(_ name: String) -> FilePath? {
        guard let value = string(name), !value.isEmpty else { return nil }
        return FilePath(keeping: Self.expand(value, home: home))
    }

    /// The entries in force whose name starts with `section.` and ends with `.variable`, with what stands between.
    ///
    /// `subsections(of: "remote", variable: "url")` gives the URLs by remote name; several values keep their order.
    public func subsections(of section: String, variable: String) -> [(name: String, value: String)] {
        let prefix = section.lowercased() + "."
        let suffix = "." + variable.lowercased()
        return entries.compactMap { entry in
            guard entry.name.hasPrefix(prefix), entry.name.hasSuffix(suffix),
                entry.name.utf8.count > prefix.utf8.count + suffix.utf8.count - 1
            else { return nil }
            let start = entry.name.utf8.index(entry.name.startIndex, offsetBy: prefix.utf8.count)
            let end = entry.name.utf8.index(entry.name.endIndex, offsetBy: -suffix.utf8.count)
            return start <= end ? (String(entry.name[start..<end]), entry.value ?? "") : nil
        }
    }

    /// Section and variable name in lower case, the subsection as it stands.
    static func canonical(_ name: String) -> String {
        guard let first = name.firstIndex(of: "."), let last = name.lastIndex(of: "."), first != last else {
            return name.lowercased()
        }
        return name[..<first].lowercased() + name[first..<last] + name[last...].lowercased()
    }

    /// Git's words for true and false; nil for any other text.
    static func truth(_ value: String) -> Bool? {
        switch value.lowercased() {
        case "true", "yes", "on": true
        case "false", "no", "off", "": false
        default: number(value).map { $0 != 0 }
        }
    }

    private static func number(_ value: String) -> Int? {
        let factor: Int
        switch value.last {
        case "k", "K": factor = 1 << 10
        case "m", "M": factor = 1 << 20
        case "g", "G": factor = 1 << 30
        default: return Int(value)
        }
        guard let number = Int(value.dropLast()) else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: factor)
        return overflow ? nil : product
    }

    /// A value with its leading `~/` replaced by the home folder.
    public func expanded(_ value: String) -> String {
        Self.expand(value, home: home)
    }

    /// Replaces a leading `~/` by the home folder.
    static func expand(_ value: String, home: String?) -> String {
        guard let home, value == "~" || value.hasPrefix("~/") else { return value }
        return home + value.dropFirst()
    }
}

extension GitConfiguration {
    /// What holds outside of repositories: the system's, the user's and the environment's configuration.
    ///
    /// - Throws: `GitError` or `SystemError` for a file that cannot be read.
    public static func ofUser(environment: [String: String]) throws -> GitConfiguration {
        try GitConfigurationLoader.loadProtected(environment: environment)
    }
}
