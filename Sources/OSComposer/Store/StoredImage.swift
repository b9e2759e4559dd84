import Hashing
import JSON
import SystemCalls
import SystemPackage

/// A finished image in the image cache: the files of one folder, and what is known of them.
public struct StoredImage: Sendable {
    /// The document in the image's folder.
    static let document: FilePath.Component = "image.json"
    /// The version of the document's form.
    static let version: Int64 = 1

    /// One file of it.
    public struct File: Hashable, Sendable {
        /// The kind that the template asked for, such as `raw`.
        public var kind: String
        /// The compression, such as `gz`; nil for none.
        public var compression: String?
        /// The name in the folder; never with a `/`.
        public var name: String
        /// Its size in bytes.
        public var size: Int64
        /// Its digest.
        public var sha256: SHA256Digest
    }

    /// The specification hash, in hex.
    public var specification: String
    /// `image.name` of the template.
    public var name: String
    /// `image.version` of the template.
    public var imageVersion: String
    /// The provider.
    public var provider: String
    /// When it was stored, in seconds since 1970.
    public var created: Int64
    /// The digest of its rootfs tar, in hex.
    public var rootfs: String
    /// How many packages it has.
    public var packages: Int
    /// Its files, in the order of the template.
    public var files: [File]

    /// Puts an image together.
    public init(
        specification: String, name: String, imageVersion: String, provider: String, created: Int64, rootfs: String,
        packages: Int, files: [File]
    ) {
        self.specification = specification
        self.name = name
        self.imageVersion = imageVersion
        self.provider = provider
        self.created = created
        self.rootfs = rootfs
        self.packages = packages
        self.files = files
    }

    /// The bytes of all its files.
    public var size: Int64 { files.map { Size($0.size) }.total { $0 }.bytes }

    /// The document.
    public var json: JSONValue {
        [
            "version": .integer(Self.version), "specification": .string(specification), "name": .string(name),
            "imageVersion": .string(imageVersion), "provider": .string(provider), "created": .integer(created),
            "rootfs": .string(rootfs), "packages": .integer(Int64(packages)),
            "files": .array(
                files.map {
                    [
                        "kind": .string($0.kind), "compression": $0.compression.map { .string($0) } ?? .null,
                        "name": .string($0.name), "size": .integer($0.size),
                        "sha256": .string($0.sha256.hexadecimal),
                    ]
                }),
        ]
    }

    /// Reads a document; nil where it is none of ours.
    init?(_ bytes: [UInt8]) {
        var reader = JSONReader(bytes)
        guard let value = try? reader.value(), (try? reader.end()) != nil,
            value["version"]?.integer == Self.version, let specification = value["specification"]?.string,
            SHA256Digest(hexadecimal: specification) != nil, let name = value["name"]?.string,
            let imageVersion = value["imageVersion"]?.string, let provider = value["provider"]?.string,
            let created = value["created"]?.integer, let rootfs = value["rootfs"]?.string,
            let packages = value["packages"]?.integer, let files = value["files"]?.array
        else { return nil }
        self.init(
            specification: specification, name: name, imageVersion: imageVersion, provider: provider,
            created: created, rootfs: rootfs, packages: Int(clamping: packages), files: [])
        for file in files {
            guard let kind = file["kind"]?.string, let name = file["name"]?.string, Self.isFileName(name),
                let size = file["size"]?.integer, size >= 0,
                let digest = (file["sha256"]?.string).flatMap({ SHA256Digest(hexadecimal: $0) })
            else { return nil }
            self.files.append(
                File(kind: kind, compression: file["compression"]?.string, name: name, size: size, sha256: digest))
        }
    }

    /// Whether a text names a file of an image's folder, and no other one.
    static func isFileName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 200 && !text.hasPrefix(".") && !text.hasPrefix("-")
            && text != document.string && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") }
    }
}
