import HTTP
import SystemCalls
import SystemPackage

extension EndpointFinder {
    /// The endpoint of a clone URL: `/info/lfs` below the repository's name with `.git`.
    package func endpoint(fromCloneURL text: String, for operation: TransferOperation) -> Endpoint {
        var endpoint = endpoint(text, for: operation)
        if endpoint.folder != nil { return endpoint }
        if endpoint.url.hasSuffix("/") { endpoint.url.removeLast() }
        endpoint.url += endpoint.url.hasSuffix(".git") ? "/info/lfs" : ".git/info/lfs"
        return endpoint
    }

    /// The endpoint that a configured URL names as it stands.
    package func endpoint(_ text: String, for operation: TransferOperation) -> Endpoint {
        let text = configuration.replacingAlias(text, for: operation)
        let scheme = text.firstRange(of: "://").map { text[..<$0.lowerBound].lowercased() } ?? ""
        let rest = text.firstRange(of: "://").map { text[$0.upperBound...] } ?? text[...]
        switch scheme {
        case "http", "https":
            return Endpoint(url: scheme + "://" + rest, operation: operation)
        case "git":
            let prefix = configuration.string("lfs.gitprotocol") ?? "https"
            return Endpoint(url: prefix + "://" + rest, operation: operation)
        case "ssh", "git+ssh", "ssh+git":
            return endpoint(SSHTarget(authorityAndPath: rest), operation)
        case "file":
            let path = FilePath(bytes: RelativePath(percentEncoded: String(rest)).bytes)
            return Endpoint(url: text, folder: Self.gitFolder(path) ?? path, operation: operation)
        case "":
            if let folder = localFolder(text) {
                return Endpoint(url: "file://" + folder.string, folder: folder, operation: operation)
            }
            if text.contains("::") || !text.contains(":") { return Endpoint(url: text, operation: operation) }
            return endpoint(SSHTarget(short: text), operation)
        default:
            return Endpoint(url: text, operation: operation)
        }
    }

    /// The origins that Git itself asks for a remote, in either direction; none where it is not reached by HTTP.
    func gitOrigins(remote: String?) -> Set<String> {
        var origins: Set<String> = []
        for operation in [TransferOperation.download, .upload] {
            let name = remote ?? defaultRemote(for: operation)
            guard let text = remoteURL(name, for: operation) ?? remoteURL("origin", for: operation),
                let url = try? RequestURL(configuration.replacingAlias(text, for: operation))
            else { continue }
            origins.insert(url.origin)
        }
        return origins
    }

    /// An SSH remote, with the HTTPS URL that is tried where the server does not know `git-lfs-authenticate`.
    private func endpoint(_ target: SSHTarget?, _ operation: TransferOperation) -> Endpoint {
        guard let target else { return Endpoint(url: Endpoint.unknown, operation: operation) }
        let path = target.path.hasPrefix("/") ? target.path : "/" + target.path
        return Endpoint(url: "https://\(target.host)\(path)", ssh: target, operation: operation)
    }

    /// Why what `.lfsconfig` says of places must not be obeyed; nil where there is nothing of the kind.
    package var refusal: LFSError? {
        // A commit can hold a folder whose name looks like HOST:PATH.
        configuration.refusal { !$0.contains("://") && localFolder($0) != nil }
    }

    /// The Git folder of a local path that exists: the path's `.git`, or the path itself; nil where there is none.
    private func localFolder(_ text: String) -> FilePath? {
        let path = base.pushing(FilePath(keeping: text)).lexicallyNormalized()
        return Self.gitFolder(path)
    }

    private static func gitFolder(_ path: FilePath) -> FilePath? {
        let inner = path.appending(".git")
        if let kind = try? FileStatus.of(inner, followLinks: true)?.kind, kind == .directory { return inner }
        return Files.exists(path) ? path : nil
    }
}
