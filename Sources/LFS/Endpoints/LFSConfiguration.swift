import Git
import Programs
import SystemCalls

/// Git's configuration with what the committed `.lfsconfig` may add to it; Git's own wins.
///
/// `git help lfs-config` lists the keys that `.lfsconfig` may set; others are ignored and named in `ignoredKeys`.
public struct LFSConfiguration: Sendable {
    /// The configuration of Git itself.
    public let git: GitConfiguration
    /// The variables that `.lfsconfig` sets and may set.
    public let committed: GitConfiguration
    /// The variables of `.lfsconfig` that say where objects go.
    private let committedPlaces: [GitConfiguration.Entry]
    /// The variables that `.lfsconfig` sets and must not.
    public let ignoredKeys: [String]

    /// Joins Git's configuration and that of `.lfsconfig`.
    public init(git: GitConfiguration, lfsconfig: GitConfiguration = GitConfiguration(entries: [])) {
        self.git = git
        committed = GitConfiguration(entries: lfsconfig.entries.filter { Self.isAllowed($0.name) })
        committedPlaces = lfsconfig.entries.filter {
            ["lfs.url", "lfs.pushurl", "lfs.storage"].contains($0.name)
                || $0.name.hasPrefix("remote.") && $0.name.hasSuffix(".lfsurl")
        }
        var seen: Set<String> = []
        ignoredKeys = lfsconfig.entries.map(\.name).filter { !Self.isAllowed($0) && seen.insert($0).inserted }
    }

    /// Reads the configuration of a repository: `.lfsconfig` of the work tree, else of the index, else of HEAD.
    public static func load(_ repository: Repository) throws -> LFSConfiguration {
        let git = try repository.configuration()
        guard let bytes = try committedFile(of: repository) else { return LFSConfiguration(git: git) }
        return LFSConfiguration(git: git, lfsconfig: try GitConfiguration(parsing: bytes, file: ".lfsconfig"))
    }

    private static func committedFile(of repository: Repository) throws -> [UInt8]? {
        let name: RelativePath = ".lfsconfig"
        if let workTree = repository.workTree {
            if let bytes = try Files.readPlain(workTree.appending(".lfsconfig"), limit: InputLimit.writtenText) {
                return bytes
            }
            if let entry = try? repository.index().entry(at: name), entry.isFile {
                return try repository.blob(entry.id, limit: InputLimit.writtenText)
            }
        }
        guard let head = try? repository.resolve("HEAD^{commit}"), let entry = try repository.entry(at: name, in: head)
        else { return nil }
        return try repository.blob(entry.id, limit: InputLimit.writtenText)
    }

    /// Why what `.lfsconfig` says of places must not be obeyed; nil where there is nothing of the kind.
    ///
    /// A committed file may name servers. With a folder it would have this program write there, or take files of this
    /// machine for objects. What Git's own configuration sets is not the committed file's any more.
    ///
    /// - Parameter isFolder: Whether a text without a scheme names a folder that is there.
    package func refusal(isFolder: (String) -> Bool = { _ in false }) -> LFSError? {
        for entry in committedPlaces where git.entry(entry.name) == nil {
            guard let value = entry.value, !value.isEmpty else { continue }
            let reason: String
            if entry.name == "lfs.storage" {
                reason = "it chooses where objects are kept, which a committed file must not"
            } else if !Self.isServer(value) || isFolder(value) {
                reason = "\(value) is no server, and a committed file must not name a folder"
            } else {
                continue
            }
            return LFSError(
                .configuration, "use", ".lfsconfig\(entry.line.map { ":\($0)" } ?? ""): \(entry.name)", reason,
                hint: "to allow it: git config \(entry.name) \(ShellWord.quoted(value))")
        }
        return nil
    }

    /// `lfs.url` as far as it may be used, for places on this machine.
    public var usableURL: String? { refusal() == nil ? string("lfs.url") : git.string("lfs.url") }

    /// Whether a URL leads to another machine by http or ssh, as far as its text tells.
    private static func isServer(_ url: String) -> Bool {
        guard let scheme = url.firstRange(of: "://").map({ url[..<$0.lowerBound].lowercased() }) else {
            // The short form of ssh: a colon before any slash.
            let host = url.prefix { $0 != ":" && $0 != "/" }
            return !host.isEmpty && url.dropFirst(host.count).first == ":" && !url.contains("::")
        }
        return ["http", "https", "ssh", "git+ssh", "ssh+git", "git"].contains(scheme)
    }

    /// The value of a variable; empty where it stands without `=`.
    public func string(_ name: String) -> String? {
        git.string(name) ?? committed.string(name)
    }

    /// The value as a truth value; one that is none counts as absent, as with git-lfs.
    public func bool(_ name: String) -> Bool? {
        let source = git.entry(name) == nil ? committed : git
        return (try? source.bool(name)) ?? nil
    }

    /// The value as a whole number; one that is none counts as absent.
    public func int(_ name: String) -> Int? {
        let source = git.entry(name) == nil ? committed : git
        return (try? source.int(name)) ?? nil
    }

    /// The value as a number of things that there must be one of at least; any other counts as absent, as with git-lfs.
    func count(_ name: String) -> Int? {
        int(name).flatMap { $0 > 0 ? $0 : nil }
    }

    /// The value of `SECTION.<url>.KEY` whose URL fits best, else of `SECTION.KEY`.
    public func string(_ section: String, _ key: String, for url: String) -> String? {
        URLMatch.values(section, key, for: url, in: git).last
            ?? URLMatch.values(section, key, for: url, in: committed).last
    }

    /// Applies `url.<base>.insteadOf`, and for uploads `pushInsteadOf` first; the longest prefix wins.
    func replacingAlias(_ url: String, for operation: TransferOperation) -> String {
        git.rewritten(url, forPush: operation == .upload)
    }

    /// How many objects are moved at once.
    package var concurrency: Int { count("lfs.concurrenttransfers") ?? 8 }

    /// The keys that a committed file may set without harm.
    static func isAllowed(_ name: String) -> Bool {
        let exact: Set = [
            "lfs.allowincompletepush", "lfs.fetchexclude", "lfs.fetchinclude", "lfs.gitprotocol", "lfs.locksverify",
            "lfs.pushurl", "lfs.skipdownloaderrors", "lfs.url",
        ]
        if exact.contains(name) { return true }
        return name.hasPrefix("lfs.extension.") && name.hasSuffix(".priority")
            || name.hasPrefix("lfs.") && name.hasSuffix(".access") && !name.hasPrefix("lfs.extension.")
            || name.hasPrefix("remote.") && name.hasSuffix(".lfsurl")
    }
}
