import Hashing
import JSON
import OCI
import Programs
import SystemCalls
import SystemPackage

/// Questions that are answered without starting the engine's program, which costs 50 to 100 ms.
///
/// Only a plain answer counts. Whatever else comes is nil, and the program is asked.
extension Engine {
    /// How long a service may say nothing here.
    private static let patience = Duration.seconds(5)

    /// The images of these names or ids, as the engine's service tells at its socket; nil where it cannot be asked so.
    func serviceImages(_ references: [String]) async throws -> [EngineImage]? {
        let verbs = dialect.images
        guard let resource = verbs.resource, let socket = serviceSocket else { return nil }
        var images: [EngineImage] = []
        for reference in references {
            guard reference.utf8.allSatisfy(Self.isPlain), let target = versioned(resource(reference)) else {
                return nil
            }
            let answer = try await onOwnThread { ServiceAnswer(to: target, at: socket, patience: Self.patience) }
            guard let answer, let told = try? JSONValue(parsing: answer.body, limits: .localProgram) else {
                return nil
            }
            if answer.status == 404 {
                let text = told["message"]?.string?.lowercased() ?? ""
                guard verbs.absentTexts.contains(where: text.contains) else { return nil }
                continue
            }
            guard answer.status == 200, let image = verbs.read(told, nil, []) else { return nil }
            images.append(image)
        }
        return images
    }

    /// Whether the records of the engine's store show that it holds one of these images under a name; false where they do
    /// not, or cannot be read.
    ///
    /// The records are replaced in one step, so they are read without their lock.
    public func storeHolds(_ images: [SHA256Digest], as name: ImageName) async throws -> Bool {
        guard dialect.namesLocally else { return false }
        return try await storeRecord { records in
            let folder = records.withSuffix("-images")
            let path = folder.appending("images.json")
            guard let bytes = (try? Files.readPlain(path, limit: StoredNames.limit)) ?? nil,
                let names = try? StoredNames(parsing: bytes, asking: Set(name.hostSpellings)),
                let image = name.hostSpellings.lazy.compactMap({ names.images[$0] }).first
            else { return false }
            return images.contains(image.id) && Self.config(image.id, in: records) != nil
                && (image.layer.map { Self.knows(layer: $0, in: records) } ?? true)
        } ?? false
    }

    /// Whether the records have a layer: an image whose last layer is not there is corrupt to the engine.
    private static func knows(layer: String, in records: FilePath) -> Bool {
        let folder = records.withSuffix("-layers")
        return ["layers.json", "volatile-layers.json"].contains { name in
            guard let bytes = (try? Files.readPlain(folder.appending(name), limit: 64 << 20)) ?? nil else {
                return false
            }
            return (try? StoredNames.lists(layer, in: bytes)) ?? false
        }
    }

    /// Where the engine's service listens on this machine; nil elsewhere.
    private var serviceSocket: FilePath? {
        UnixSocket.path(in: environment[dialect.service.variable] ?? finding?.endpoint)
    }

    /// A resource in the version of the API that is asked for; nil where that is none.
    private func versioned(_ resource: String) -> String? {
        guard let version = environment["DOCKER_API_VERSION"] ?? surroundings.cached("docker.api") else {
            return resource
        }
        return version.utf8.allSatisfy(Self.isPlain) ? "/v\(version)\(resource)" : nil
    }

    /// Whether a byte stands for itself in an address.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            // `-`, `.`, `/`, the digits and `:` follow each other.
            UInt8(ascii: "-")...UInt8(ascii: ":"), UInt8(ascii: "@"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}

/// The images of some names, as a store of podman's library records them (`overlay-images/images.json`).
struct StoredNames {
    /// The longest file of records that is read.
    static let limit = 16 << 20

    /// An image: its id, and the name of its last layer, which one without layers does not have.
    struct Image: Hashable {
        let id: SHA256Digest
        let layer: String?
    }

    /// The images, by the names asked for.
    private(set) var images: [String: Image] = [:]

    /// Reads the records; of other names nothing is kept.
    init(parsing bytes: [UInt8], asking names: Set<String>) throws(JSONError) {
        var reader = JSONReader(bytes)
        try reader.expect("[")
        if try reader.takes("]") { return }
        repeat {
            try reader.expect("{")
            var id: SHA256Digest?
            var layer: String?
            var found: [String] = []
            repeat {
                let member = String(decoding: try reader.string(), as: UTF8.self)
                try reader.expect(":")
                switch member {
                case "id": id = SHA256Digest(hexadecimal: try reader.value().string ?? "")
                case "layer": layer = try reader.value().string
                case "names": found = (try reader.value().array ?? []).compactMap(\.string).filter(names.contains)
                default: try reader.skip()
                }
            } while try reader.more(until: "}")
            for name in found {
                // A name has one image; a store that says otherwise proves nothing.
                if images[name] != nil { throw reader.failure("\(name) twice") }
                images[name] = id.map { Image(id: $0, layer: layer?.isEmpty ?? true ? nil : layer) }
            }
        } while try reader.more(until: "]")
        try reader.end()
    }

    /// Whether a list of records has one with this id.
    static func lists(_ id: String, in bytes: [UInt8]) throws(JSONError) -> Bool {
        var reader = JSONReader(bytes)
        try reader.expect("[")
        if try reader.takes("]") { return false }
        repeat {
            try reader.expect("{")
            var isIt = false
            repeat {
                let member = String(decoding: try reader.string(), as: UTF8.self)
                try reader.expect(":")
                if member == "id" { isIt = try reader.value().string == id } else { try reader.skip() }
            } while try reader.more(until: "}")
            if isIt { return true }
        } while try reader.more(until: "]")
        return false
    }
}
