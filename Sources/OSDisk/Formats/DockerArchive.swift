import Hashing
import JSON
import OSTemplate
import SystemCalls
import SystemPackage

/// The root file system as an image of one layer, in an archive that `docker load` and `podman load` read.
///
/// It is in the cache's canonical form already: the layer, the config, `manifest.json`.
struct DockerArchive: Sendable {
    let template: OSTemplate
    let rootfs: SHA256Digest

    /// The image's config.
    ///
    /// https://github.com/opencontainers/image-spec/blob/main/config.md
    var config: [UInt8] {
        let created = UTCTime.text(of: RecipeVersion.sourceDate)
        let path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        let value: JSONValue = .object([
            .init("architecture", .string(Self.architecture(template.provider.arch))),
            .init("config", .object([.init("Cmd", ["/bin/sh"]), .init("Env", .strings([path]))])),
            .init("created", .string(created)),
            .init(
                "history",
                .array([
                    .object([
                        .init("created", .string(created)),
                        .init("created_by", .string("os image \(Self.plain(template.name, dots: true))")),
                    ])
                ])),
            .init("os", "linux"),
            .init(
                "rootfs",
                .object([.init("type", "layers"), .init("diff_ids", .strings([rootfs.description]))])),
        ])
        return Array(value.text.utf8)
    }

    /// `NAME:VERSION` of the template, with `-` for what no reference can have.
    var name: String {
        let name = Self.plain(template.name.lowercased(), dots: false)
        let version = String(Self.plain(template.version, dots: true).prefix(128))
        return "\(name.isEmpty ? "image" : name):\(version.isEmpty ? "latest" : version)"
    }

    /// The architecture in Go's words, which configs use.
    static func architecture(_ arch: String) -> String {
        switch arch {
        case "x86_64": "amd64"
        case "aarch64": "arm64"
        case "i386", "i686": "386"
        case "armhf", "armv7hl": "arm"
        case "ppc64el": "ppc64le"
        default: arch
        }
    }

    private static func plain(_ text: String, dots: Bool) -> String {
        let changed = text.map { character -> Character in
            let isPlain = character.isASCII && (character.isLetter || character.isNumber)
            return isPlain || dots && (character == "." || character == "_") ? character : "-"
        }
        let parts = String(changed).split(separator: "-").map(String.init)
        let joined = parts.joined(separator: "-")
        return String(joined.drop { $0 == "." })
    }

    /// Writes the archive; the layer's bytes have to have the digest that is known of them.
    func write(layer: FilePath, to target: FilePath) throws {
        let input = try Files.openRegular(layer)
        defer { try? input.close() }
        let size = try FileStatus.of(input).size
        let output = try Files.create(target, permissions: 0o644)
        defer { try? output.close() }
        let config = config
        let configDigest = SHA256Digest(of: config)
        func put(_ bytes: [UInt8]) throws { try Files.write(bytes, to: output, named: target.string) }
        try put(ArchiveHeader.file(Self.member(rootfs), size: size))
        let (digest, count) = try FileDigest.copy(input, named: layer.string, to: output, named: target.string)
        guard digest == rootfs, count == size else {
            throw DiskError.making(
                "docker-archive", .content, "\(layer.string) changed while it was read", hint: "build again")
        }
        try put(ArchiveHeader.padding(size))
        try put(ArchiveHeader.file(Self.member(configDigest), size: Int64(config.count)))
        try put(config + ArchiveHeader.padding(Int64(config.count)))
        let manifest: JSONValue = .array([
            .object([
                .init("Config", .string(Self.member(configDigest))), .init("RepoTags", .strings([name])),
                .init("Layers", .strings([Self.member(rootfs)])),
            ])
        ])
        let text = Array((manifest.text + "\n").utf8)
        try put(ArchiveHeader.file("manifest.json", size: Int64(text.count)))
        try put(text + ArchiveHeader.padding(Int64(text.count)) + ArchiveHeader.end)
    }

    private static func member(_ digest: SHA256Digest) -> String { "blobs/sha256/" + digest.hexadecimal }
}
