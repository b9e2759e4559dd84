import HTTP
import SystemCalls
import SystemPackage

/// The LFS server of a remote: an HTTP API, an SSH host that leads to one, or a folder.
///
/// https://github.com/git-lfs/git-lfs/blob/main/docs/api/server-discovery.md
public struct Endpoint: Hashable, Sendable {
    /// What `git lfs env` shows in place of a URL that names no host for ssh.
    static let unknown = "<unknown>"

    /// The endpoint's URL as `git lfs env` shows it; it may hold a token.
    public var url: String
    /// The SSH host, where the remote is reached through one.
    public var ssh: SSHTarget?
    /// The repository's folder, where the remote is a path or a `file://` URL.
    public var folder: FilePath?
    /// The direction that the endpoint is for.
    public var operation: TransferOperation
    /// The URL of the Git remote; nil where the endpoint was configured by itself.
    public var remoteURL: String?

    /// Where requests go; nil where the endpoint is no HTTP API.
    public var httpURL: RequestURL? {
        guard folder == nil else { return nil }
        return try? RequestURL(url)
    }

    /// Whether there is anything that could be asked.
    public var isUsable: Bool { folder != nil || ssh != nil || httpURL != nil }

    /// The URL of the key `lfs.<url>.access`: without login, without query.
    public var accessURL: String {
        httpURL.map { url in
            var plain = url.withoutSecrets.wireForm
            if plain.hasSuffix("/"), !self.url.hasSuffix("/") { plain.removeLast() }
            return plain
        } ?? url
    }
}

extension Endpoint: CustomStringConvertible {
    /// The endpoint for messages: what may be secret in its URL as `***`.
    public var description: String {
        if let folder { return folder.string }
        return ShownURL.masked(url)
    }
}
