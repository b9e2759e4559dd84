import Git
import SystemCalls
import SystemPackage

/// Finds the endpoint of a remote from the configuration, in git-lfs's order of keys.
public struct EndpointFinder: Sendable {
    let configuration: LFSConfiguration
    /// What relative paths are relative to: the work tree, or the Git folder of a bare repository.
    let base: FilePath
    /// The checked-out branch; nil when HEAD is detached.
    let branch: String?

    /// Prepares the look-up.
    public init(_ configuration: LFSConfiguration, base: FilePath, branch: String?) {
        self.configuration = configuration
        self.base = base
        self.branch = branch
    }

    /// The names of the remotes, in the order of their first mention.
    public var remotes: [String] {
        var names: [String] = []
        for remote in configuration.git.subsections(of: "remote", variable: "url") where !names.contains(remote.name) {
            names.append(remote.name)
        }
        return names
    }

    /// The remote that is meant where none is named.
    public func defaultRemote(for operation: TransferOperation) -> String {
        var keys = branch.map { ["branch.\($0).remote"] } ?? []
        keys.append("remote.lfsdefault")
        if operation == .upload {
            keys =
                (branch.map { ["branch.\($0).pushremote"] } ?? []) + ["remote.lfspushdefault", "remote.pushdefault"]
                + keys
        }
        for key in keys {
            if let name = configuration.git.string(key), !name.isEmpty { return name }
        }
        let remotes = self.remotes
        return remotes.count == 1 ? remotes[0] : "origin"
    }

    /// Whether the branch or `remote.lfsdefault` names a remote.
    package func isConfigured(_ remote: String) -> Bool {
        ((branch.map { ["branch.\($0).remote"] } ?? []) + ["remote.lfsdefault"]).contains {
            configuration.git.string($0) == remote
        }
    }

    /// The endpoint of a remote (its name, or a URL); nil where nothing is configured.
    public func endpoint(for operation: TransferOperation, remote: String? = nil) -> Endpoint? {
        let remote = remote ?? defaultRemote(for: operation)
        var keys = operation == .upload ? ["lfs.pushurl"] : []
        keys.append("lfs.url")
        for key in keys {
            if let url = configuration.string(key), !url.isEmpty {
                var endpoint = endpoint(url, for: operation)
                endpoint.remoteURL = remoteURL(remote, for: operation)
                return endpoint
            }
        }
        if remote != "origin", let endpoint = remoteEndpoint(remote, for: operation) { return endpoint }
        return remoteEndpoint("origin", for: operation)
    }

    /// The endpoint by the keys of one remote, or by its URL.
    public func remoteEndpoint(_ remote: String, for operation: TransferOperation) -> Endpoint? {
        let gitURL = remoteURL(remote, for: operation)
        for name in operation == .upload ? ["lfspushurl", "lfsurl"] : ["lfsurl"] {
            if let url = configuration.string("remote.\(remote).\(name)"), !url.isEmpty {
                var endpoint = endpoint(url, for: operation)
                endpoint.remoteURL = gitURL
                return endpoint
            }
        }
        guard let gitURL else { return nil }
        var endpoint = endpoint(fromCloneURL: gitURL, for: operation)
        endpoint.remoteURL = gitURL
        return endpoint
    }

    /// The URL of a Git remote; a text that is itself a URL or path stands for itself.
    func remoteURL(_ remote: String, for operation: TransferOperation) -> String? {
        for name in operation == .upload ? ["pushurl", "url"] : ["url"] {
            if let url = configuration.git.strings("remote.\(remote).\(name)").first, !url.isEmpty { return url }
        }
        return remote.contains("/") || remote.contains(":") ? remote : nil
    }
}
