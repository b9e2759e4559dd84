import Git
import SystemCalls
import SystemPackage

extension Repository {
    /// Whether a text names a remote, a URL or a repository on this machine.
    public func isRemote(_ name: String) throws -> Bool {
        if name.contains(":") { return true }
        if try configuration().remotes.contains(where: { $0.name == name }) { return true }
        return Files.exists((workTree ?? gitDirectory).pushing(FilePath(keeping: name)).lexicallyNormalized())
    }
}

/// A remote on this machine: a path or a `file://` URL, whose object store can be read without a server.
public struct LocalRemote: Sendable {
    /// The remote's name, or the variable that names the place.
    public let name: String
    /// The remote repository's object store.
    public let store: ObjectStore

    /// The remotes of a repository that are on this machine, that of `lfs.url` first.
    ///
    /// - Parameter lfsURL: `lfs.url`, where it is set.
    public static func all(of repository: Repository, lfsURL: String? = nil) throws -> [LocalRemote] {
        let configuration = try repository.configuration()
        var places: [(String, String)] = []
        if let url = lfsURL ?? configuration.string("lfs.url") { places.append(("lfs.url", url)) }
        places += configuration.subsections(of: "remote", variable: "lfsurl").map {
            ("remote.\($0.name).lfsurl", $0.value)
        }
        places += configuration.remotes.map { ($0.name, $0.url) }
        var found: [LocalRemote] = []
        for (name, url) in places {
            guard let folder = folder(of: url, relativeTo: repository.workTree ?? repository.gitDirectory),
                // A remote that cannot be opened (of another user, of another format) has nothing to offer.
                let store = try? store(at: folder, environment: repository.environment),
                !found.contains(where: { $0.store.root == store.root })
            else { continue }
            found.append(LocalRemote(name: name, store: store))
        }
        return found
    }

    /// The folder that a URL names; nil where it leads to another machine.
    public static func folder(of url: String, relativeTo base: FilePath) -> FilePath? {
        if url.hasPrefix("file://") {
            let path = RelativePath(percentEncoded: String(url.dropFirst("file://".count)))
            return path.bytes.first == UInt8(ascii: "/") ? FilePath(bytes: path.bytes) : nil
        }
        if url.contains("://") { return nil }
        if let colon = url.firstIndex(of: ":"), !url[..<colon].contains("/") { return nil }
        let path = FilePath(keeping: url)
        return path.isEmpty ? nil : path.isAbsolute ? path : base.pushing(path).lexicallyNormalized()
    }

    /// The object store of the repository at a folder, bare or not, its `.git` left out or not; nil where there is none.
    public static func store(at folder: FilePath, environment: [String: String]) throws -> ObjectStore? {
        var plain = environment
        plain["GIT_CONFIG_PARAMETERS"] = nil
        for candidate in [folder, folder.withSuffix(".git")] where Files.exists(candidate) {
            guard let repository = try Repository.at(candidate, environment: plain) else { continue }
            let store = try ObjectStore(repository)
            // A remote's own configuration must not make other files of this machine its objects.
            let isItsOwn =
                repository.commonDirectory != store.root && store.root.starts(with: repository.commonDirectory)
            let scope = try repository.configuration().entry("lfs.storage")?.scope
            return isItsOwn || scope != .local && scope != .worktree ? store : nil
        }
        return nil
    }
}
