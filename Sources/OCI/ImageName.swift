/// The name of an image as a team declares it: `NAME:TAG`, with the tag `latest` where none is written.
///
/// https://github.com/distribution/reference/blob/main/reference.go
public struct ImageName: Hashable, Sendable {
    /// The name: an optional registry host and path components, such as `rinna-python-tests` or `ghcr.io/team/app`.
    public let name: String
    /// The tag.
    public let tag: String

    /// Reads `NAME` or `NAME:TAG`; a digest is no part of a name.
    public init(_ text: some StringProtocol) throws(OCIError) {
        if text.contains("@") { throw OCIError("the image name \(text)", "a digest cannot be part of it") }
        let written = ImageReference.Written(text)
        try self.init(name: written.name, tag: written.tag ?? "latest")
    }

    /// Takes a name and a tag.
    public init(name: String, tag: String) throws(OCIError) {
        let object = "the image name \(name):\(tag)"
        guard ImageReference.isTag(tag) else {
            throw OCIError(
                object, "a tag is 1 to 128 letters, digits, _, . and -, and begins with a letter, a digit or _")
        }
        let host = Self.host(name)
        // An address in brackets would be a pattern in the names of the image's files.
        if let host, host.hasPrefix("[") || !ImageReference.isValidHost(host) {
            throw OCIError(object, "\(host) is no registry host")
        }
        guard ImageReference.isPath(host.map { String(name.dropFirst($0.count + 1)) } ?? name) else {
            throw OCIError(
                object,
                "a part of a name is lower-case letters and digits, joined by one . or _, two _, or any number of -")
        }
        if name.utf8.count > ImageReference.nameLimit { throw OCIError(object, "a name is at most 255 bytes long") }
        self.name = name
        self.tag = tag
    }

    private static func host(_ name: String) -> String? { ImageReference.Written(name).host }

    /// Whether the name begins with a registry host (a first component with a dot or a port, or `localhost`).
    public var hasHost: Bool { Self.host(name) != nil }

    /// The registry that the name belongs to; nil for a name of this machine, podman's `localhost/` among them.
    public var registry: String? { Self.host(name).flatMap { $0 == ImageReference.localhost ? nil : $0 } }

    /// The spellings under which an engine may hold the image: as declared, podman's `localhost/`, `docker.io/`.
    public var spellings: [String] {
        let bare = description
        if !hasHost { return [bare, localSpelling, registrySpelling] }
        let hub = ImageReference.dockerHub
        for prefix in ["\(hub)/library/", "\(hub)/"] where bare.hasPrefix(prefix) {
            return [bare, String(bare.dropFirst(prefix.count))]
        }
        return [bare]
    }

    /// The name that podman and buildah give to an image made on this machine: `localhost/` before a name without host.
    public var localSpelling: String { hasHost ? description : "\(ImageReference.localhost)/\(self)" }

    /// The name with the registry that is meant where none is written.
    public var registrySpelling: String {
        hasHost ? description : "\(ImageReference.dockerHub)/" + (name.contains("/") ? "" : "library/") + description
    }

    /// What podman and buildah are asked for: they take a name without host for either of the two with one.
    public var hostSpellings: [String] { hasHost ? spellings : [localSpelling, registrySpelling] }

    /// Whether a reference, as a recipe writes it, is this name: `NAME`, `NAME:TAG` or podman's `localhost/NAME:TAG`.
    ///
    /// With another tag, with a digest or with a registry it is another image.
    public func isMeant(by reference: String) -> Bool {
        let written = ImageReference.Written(reference)
        guard written.digest == nil, written.tag ?? "latest" == tag else { return false }
        return written.name == name || (!hasHost && written.name == "\(ImageReference.localhost)/\(name)")
    }

    /// The stem of the names of the image's files: `NAME-TAG`, `/` and `:` escaped, the platform after it unless it is
    /// linux/amd64.
    public func stem(platform: Platform) -> String {
        var stem = ""
        for character in "\(name)-\(tag)" {
            switch character {
            case "/": stem += "%2F"
            case ":": stem += "%3A"
            default: stem.append(character)
            }
        }
        if platform == Platform.linuxAMD64 { return stem }
        return stem + "-" + platform.parts.joined(separator: "-")
    }
}

extension ImageName: CustomStringConvertible {
    /// `NAME:TAG`.
    public var description: String { "\(name):\(tag)" }
}
