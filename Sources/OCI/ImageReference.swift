import Hashing

/// An image on a registry, in the full form that Docker's tools give every reference: registry, repository, and the tag
/// or digest that names the image there.
///
/// https://github.com/distribution/reference/blob/main/reference.go and normalize.go
public struct ImageReference: Hashable, Sendable {
    /// The registry that a name without a host means.
    public static let dockerHub = "docker.io"
    /// The registry that podman and buildah give to images made on this machine.
    static let localhost = "localhost"

    /// The registry as people name it, with its port where one is written, such as `docker.io`.
    public let registry: String
    /// The repository, such as `library/python`.
    public let repository: String
    /// The tag; nil where the digest alone names the image.
    public let tag: String?
    /// The digest; nil for a bare tag.
    public let digest: Digest?

    /// Reads a reference as people write it, such as `python:3.10`, and fills in registry, `library/` and `:latest`.
    public init(_ text: some StringProtocol) throws(Fault) {
        if text.utf8.count == 64, text.utf8.allSatisfy(Digest.isDigit) { throw .identifier }
        let written = Written(text)
        if let host = written.host, !Self.isValidHost(host) { throw .host(host) }
        let digest = written.digest.flatMap { Digest($0) }
        if written.digest != nil, digest == nil { throw .digest }
        if let tag = written.tag, !Self.isTag(tag) { throw .tag }
        registry = Self.registry(written.host)
        repository = Self.repository(written.path, on: registry)
        if let path = repository.split(separator: ":").first, path.utf8.contains(where: Self.isUpper) {
            throw .upperCase(String(path))
        }
        guard Self.isPath(repository) else { throw .component }
        if registry.utf8.count + 1 + repository.utf8.count > Self.nameLimit { throw .tooLong }
        tag = written.tag ?? (digest == nil ? "latest" : nil)
        self.digest = digest
    }

    private init(registry: String, repository: String, tag: String?, digest: Digest?) {
        self.registry = registry
        self.repository = repository
        self.tag = tag
        self.digest = digest
    }

    /// The same repository at a digest, without a tag.
    public func pinned(to digest: SHA256Digest) -> ImageReference {
        ImageReference(registry: registry, repository: repository, tag: nil, digest: Digest(digest))
    }

    /// The reference as people write it: without what a name without a host means.
    public var shortName: String {
        let full = description
        for prefix in ["\(Self.dockerHub)/library/", "\(Self.dockerHub)/", "\(Self.localhost)/"]
        where full.hasPrefix(prefix) {
            return String(full.dropFirst(prefix.count))
        }
        return full
    }

    /// Whether the registry's name only says that an image was made on this machine: podman's `localhost/`.
    public var isLocal: Bool { registry == Self.localhost }

    /// Whether a text, with whatever tag or digest, names a repository of Docker's own that begins with `prefix`.
    public static func isOnDockerHub(_ text: String, prefix: String) -> Bool {
        let written = Written(text)
        return registry(written.host) == dockerHub && written.path.hasPrefix(prefix)
    }

    /// Whether a text names such a repository as one of the known mirrors of Docker's registry has it.
    public static func isOnMirror(_ text: String, prefix: String) -> Bool {
        let written = Written(text)
        guard let host = written.host?.lowercased() else { return false }
        if mirrors.contains(host) { return written.path.hasPrefix(prefix) }
        // Mirrors of several registries have the registry's name in the path.
        return multipleMirrors.contains(host) && written.path.hasPrefix("\(dockerHub)/\(prefix)")
    }

    /// Other names of Docker's registry, and public registries that pass its repositories on under their own names.
    private static let mirrors: Set = [
        "registry-1.docker.io", "registry.hub.docker.com", "registry.docker.com", "mirror.gcr.io", "public.ecr.aws",
        "docker.m.daocloud.io", "docker.mirrors.ustc.edu.cn", "docker.nju.edu.cn", "hub-mirror.c.163.com",
        "registry.docker-cn.com", "mirror.ccs.tencentyun.com", "mirror.baidubce.com",
    ]
    private static let multipleMirrors: Set = ["m.daocloud.io"]

    private static func registry(_ host: String?) -> String {
        host.map { $0 == "index.docker.io" ? dockerHub : $0 } ?? dockerHub
    }

    private static func repository(_ path: String, on registry: String) -> String {
        registry == dockerHub && !path.contains("/") ? "library/" + path : path
    }
}

extension ImageReference: CustomStringConvertible {
    /// The full form, such as `docker.io/library/python:3.10-slim` or `docker.io/library/a@sha256:…`.
    public var description: String {
        "\(registry)/\(repository)" + (tag.map { ":" + $0 } ?? "") + (digest.map { "@\($0)" } ?? "")
    }
}

extension ImageReference: Comparable {
    /// Orders by the full form.
    public static func < (left: ImageReference, right: ImageReference) -> Bool { left.description < right.description }
}
