import Hashing
import JSON
import OSPackages
import SystemCalls
import SystemPackage

/// What an earlier root file system, or the snapshot of the base tree, was made of; written beside it as JSON.
struct TreeRecord: Hashable, Sendable {
    /// What it is.
    enum Kind: String, Sendable {
        /// The base tree.
        case base
        /// Base tree and packages.
        case packages
        /// A whole root file system.
        case rootfs
    }

    /// A package of it.
    struct Part: Hashable, Sendable {
        var name: String
        var version: String
        var file: String
        var sha256: String

        init(name: String, version: String, file: String, sha256: String) {
            self.name = name
            self.version = version
            self.file = file
            self.sha256 = sha256
        }

        init(_ package: Package) {
            self.init(
                name: package.name, version: package.version, file: package.fileName,
                sha256: package.sha256.hexadecimal)
        }
    }

    var kind: Kind
    var key: String
    /// The key of the base tree in it.
    var baseKey: String
    /// The version of the recipe.
    var recipe: Int64
    /// The base list of the template.
    var list: [String]
    /// The keys that signed the indexes.
    var signers: [String]
    /// The packages beyond the base tree; those of the base tree for that itself.
    var packages: [Part]
    /// The digest and size of the file.
    var sha256: SHA256Digest
    var size: Int64
    /// When it was used last, in nanoseconds since 1970.
    var used: Int64

    /// The record as JSON.
    var json: JSONValue {
        .map([
            "kind": .string(kind.rawValue), "key": .string(key), "baseKey": .string(baseKey),
            "recipe": .integer(recipe), "list": .strings(list), "signers": .strings(signers),
            "packages": .array(packages.map { .strings([$0.name, $0.version, $0.file, $0.sha256]) }),
            "sha256": .string(sha256.hexadecimal), "size": .integer(size), "used": .integer(used),
        ])
    }

    /// Reads a record; nil where it is none, and the file beside it counts as damaged.
    init?(_ json: JSONValue) {
        func texts(_ name: String) -> [String]? { json[name]?.array?.compactMap(\.string) }
        guard let kind = json["kind"]?.string.flatMap(Kind.init(rawValue:)), let key = json["key"]?.string,
            SHA256Digest(hexadecimal: key) != nil, let baseKey = json["baseKey"]?.string,
            let recipe = json["recipe"]?.integer, let list = texts("list"), let signers = texts("signers"),
            let sha256 = json["sha256"]?.string.flatMap({ SHA256Digest(hexadecimal: $0) }),
            let size = json["size"]?.integer, let used = json["used"]?.integer,
            let packages = json["packages"]?.array
        else { return nil }
        var parts: [Part] = []
        for package in packages {
            let words = package.array?.compactMap(\.string) ?? []
            guard words.count == 4 else { return nil }
            parts.append(Part(name: words[0], version: words[1], file: words[2], sha256: words[3]))
        }
        self.init(
            kind: kind, key: key, baseKey: baseKey, recipe: recipe, list: list, signers: signers, packages: parts,
            sha256: sha256, size: size, used: used)
    }

    init(
        kind: Kind, key: String, baseKey: String, recipe: Int64, list: [String], signers: [String],
        packages: [Part], sha256: SHA256Digest, size: Int64, used: Int64
    ) {
        self.kind = kind
        self.key = key
        self.baseKey = baseKey
        self.recipe = recipe
        self.list = list
        self.signers = signers
        self.packages = packages
        self.sha256 = sha256
        self.size = size
        self.used = used
    }

    /// The time now, as `used` has it.
    static var now: Int64 {
        let time = FileStatus.Time.now
        return time.seconds * 1_000_000_000 + time.nanoseconds
    }

    /// Reads the record in a file; nil where there is none, or it is damaged.
    static func read(_ path: FilePath) -> TreeRecord? {
        guard let bytes = (try? Files.readPlain(path, limit: 16 << 20)) ?? nil,
            let json = try? JSONValue(parsing: bytes)
        else { return nil }
        return TreeRecord(json)
    }

    /// Writes the record in place of the one there.
    func write(_ path: FilePath) throws(SystemError) {
        try Files.replace(path, with: Array((json.text + "\n").utf8), permissions: 0o600)
    }
}
