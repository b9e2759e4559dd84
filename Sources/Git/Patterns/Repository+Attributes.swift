import SystemCalls
import SystemPackage

extension Repository {
    /// The names of the attributes that decide how Git converts a file's content.
    public static let conversionAttributes = ["filter", "text", "eol", "ident", "working-tree-encoding"]

    /// Prepares the look-up of attributes for many paths.
    ///
    /// A folder's `.gitattributes` is that of the work tree, else the index's; in a bare repository that of HEAD. With a
    /// commit it is that of the commit, whatever the work tree holds.
    ///
    /// - Parameters:
    ///   - names: The attributes that will be asked for.
    ///   - index: An index read before, to spare reading it again.
    ///   - commit: The commit whose files are asked about; nil for those of the work tree.
    public func attributes(
        _ names: [String] = conversionAttributes, index: Index? = nil, in commit: ObjectID? = nil
    ) throws -> Attributes {
        let configuration = try configuration()
        var global: [RuleFile] = []
        if !(environment["GIT_ATTR_NOSYSTEM"].flatMap(GitConfiguration.truth) ?? false) {
            global += try ruleFile("/etc/gitattributes")
        }
        if let path = configuration.path("core.attributesfile") ?? userFile("attributes") {
            global += try ruleFile(path)
        }
        let file: RelativePath = ".gitattributes"
        let fallback = try attributeFallback(index, commit)
        let (workTree, files) = (commit == nil ? workTree : nil, knownFiles)
        return Attributes(
            names, global: global, info: try ruleFile(commonDirectory.appending("info/attributes")).first,
            caseFold: try configuration.bool("core.ignorecase") ?? false
        ) { folder, isWithoutFile in
            let path = folder.appending(file)
            if let workTree, !isWithoutFile, let bytes = try Self.readPlain(workTree.appending(path), files) {
                return RuleFile(name: path.description, bytes: bytes)
            }
            return try fallback(path).map { RuleFile(name: path.description, bytes: $0) }
        }
    }

    /// Reads a `.gitattributes` that the work tree does not hold.
    private func attributeFallback(
        _ given: Index?, _ commit: ObjectID?
    ) throws -> (RelativePath) throws -> [UInt8]? {
        if isBare || commit != nil {
            guard let head = try commit ?? resolve("HEAD^{commit}") else { return { _ in nil } }
            return { [self] path in
                guard let entry = try entry(at: path, in: head), entry.isFile else { return nil }
                return try blob(entry.id, limit: InputLimit.rulesFile)
            }
        }
        var index = given
        return { [self] path in
            let known = index ?? (try? self.index()) ?? Index(entries: IndexEntries(), status: nil, needsGit: false)
            index = known
            guard let entry = known.entry(at: path), entry.isFile, !entry.flags.contains(.intentToAdd) else {
                return nil
            }
            return try blob(entry.id, limit: InputLimit.rulesFile)
        }
    }

    /// The user's own file of a kind, where the configuration names none.
    func userFile(_ name: String) -> FilePath? {
        if let folder = environment["XDG_CONFIG_HOME"], !folder.isEmpty {
            return FilePath(keeping: folder).appending("git").appending(name)
        }
        return environment["HOME"].map { FilePath(keeping: $0 + "/.config/git/" + name) }
    }

    /// A file of rules outside the work tree; none where it is missing, a folder, or may not be read.
    func ruleFile(_ path: FilePath) throws -> [RuleFile] {
        try readOptional(path).map { [RuleFile(name: path.string, bytes: $0)] } ?? []
    }

    /// A file's bytes; nil where it is missing, a folder, or may not be read.
    func readOptional(_ path: FilePath) throws -> [UInt8]? {
        do {
            return try knownFiles.bytes(of: path, limit: InputLimit.rulesFile)
        } catch {
            if error.errno == .permissionDenied || error.errno == .isDirectory { return nil }
            throw error
        }
    }

    /// A file's bytes, links not followed, as Git reads `.gitattributes` and `.gitignore` of the work tree.
    static func readPlain(_ path: FilePath, _ files: KnownFiles) throws -> [UInt8]? {
        do {
            guard try FileStatus.of(path)?.kind == .file else { return nil }
            return try files.plainBytes(of: path, limit: InputLimit.rulesFile)
        } catch {
            if error.errno == .permissionDenied { return nil }
            if error.errno == .fileTooLarge { throw GitError(.tooLarge, "read", path.string, error.reason) }
            throw error
        }
    }
}
