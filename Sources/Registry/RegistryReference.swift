import Hashing
import OCI

/// An image on a registry: host, repository, and the tag or digest that names it there.
public struct RegistryReference: Hashable, Sendable {
    /// The registry as people name it, with its port where one is written, such as `docker.io`.
    public let registry: String
    /// The repository, such as `library/python`.
    public let repository: String
    /// The tag; nil where the digest alone names the image.
    public let tag: String?
    /// The digest (`sha256:…`); nil for a bare tag.
    public let digest: String?

    /// Reads a normalised reference: `REGISTRY/REPOSITORY:TAG` or `REGISTRY/REPOSITORY[:TAG]@DIGEST`.
    ///
    /// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests
    public init(_ text: String) throws(OCIError) {
        let object = "the reference \(text)"
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        digest = parts.count > 1 ? String(parts[1]) : nil
        guard let slash = parts[0].firstIndex(of: "/"), slash > parts[0].startIndex else {
            throw OCIError(object, "it names no registry")
        }
        registry = String(parts[0][..<slash])
        var path = parts[0][slash...].dropFirst()
        if let colon = path.lastIndex(of: ":") {
            tag = String(path[colon...].dropFirst())
            path = path[..<colon]
        } else {
            tag = nil
        }
        repository = String(path)
        let names = path.split(separator: "/", omittingEmptySubsequences: false) + (tag.map { [$0[...]] } ?? [])
        if names.contains(where: { !Self.isName($0) }) { throw OCIError(object, "it is not written well") }
        if tag == nil, digest == nil { throw OCIError(object, "it has neither tag nor digest") }
    }

    /// The host that speaks for the registry.
    var host: String {
        ["docker.io", "index.docker.io"].contains(registry) ? "registry-1.docker.io" : registry
    }

    /// Whether the registry's name only says that an image was made on this machine: podman's `localhost/`.
    public var isLocal: Bool { registry == "localhost" }

    /// What follows `manifests/`: the digest where there is one.
    var manifestName: String { digest ?? tag ?? "" }

    /// Letters, digits, `.`, `_` and `-`, beginning with none of the last two but `_`: no `.` or `..` of a path.
    private static func isName(_ text: Substring) -> Bool {
        let isWord = { (byte: UInt8) in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || byte == UInt8(ascii: "_")
        }
        guard let first = text.utf8.first, isWord(first) else { return false }
        return text.utf8.allSatisfy { isWord($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
    }
}

extension RegistryReference: CustomStringConvertible {
    /// The reference as it was read.
    public var description: String {
        "\(registry)/\(repository)" + (tag.map { ":" + $0 } ?? "") + (digest.map { "@" + $0 } ?? "")
    }
}
