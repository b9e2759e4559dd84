extension EndpointFinder {
    /// The name that a local branch has at a remote, which servers decide by: the `ref` of requests.
    ///
    /// As `push.default` says: the upstream branch with `upstream`, and with `simple` (or nothing) where the branch's
    /// remote is the one asked; else the local name. What is no branch keeps its name.
    package func remoteName(of reference: String, at remote: String) -> String {
        let prefix = "refs/heads/"
        guard reference.hasPrefix(prefix) else { return reference }
        let branch = "branch.\(reference.dropFirst(prefix.count))"
        let git = configuration.git
        let followsUpstream =
            switch git.string("push.default")?.lowercased() ?? "" {
            case "upstream", "tracking": true
            case "", "simple": git.string("\(branch).remote") == remote
            default: false
            }
        guard followsUpstream, let upstream = git.string("\(branch).merge"), !upstream.isEmpty else { return reference }
        return upstream
    }

    /// The other remotes whose objects go to the same LFS server, so that what they have need not be uploaded again.
    package func remotes(sharingServerOf remote: String) -> [String] {
        guard let target = endpoint(for: .upload, remote: remote), target.folder == nil else { return [] }
        return remotes.filter { other in
            other != remote && endpoint(for: .upload, remote: other)?.accessURL == target.accessURL
        }
    }
}
