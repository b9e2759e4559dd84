import Hashing
import JSON

/// Makes tar archives of any shape, wrong ones too.
struct TarBuilder {
    private(set) var bytes: [UInt8] = []

    mutating func add(
        _ name: String, _ content: [UInt8] = [], type: Character = "0", link: String = "", declaredSize: Int? = nil
    ) {
        var block = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at offset: Int) {
            block.replaceSubrange(offset..<(offset + text.utf8.count), with: Array(text.utf8))
        }
        func octal(_ value: Int, _ digits: Int) -> String {
            let text = String(value, radix: 8)
            return String(repeating: "0", count: digits - text.count) + text
        }
        put(name, at: 0)
        put("0000644", at: 100)
        put("0000000", at: 108)
        put("0000000", at: 116)
        put(octal(declaredSize ?? content.count, 11), at: 124)
        put("00000000000", at: 136)
        put("        ", at: 148)
        put(String(type), at: 156)
        put(link, at: 157)
        put("ustar\u{0}00", at: 257)
        put(octal(block.reduce(0) { $0 + Int($1) }, 6) + "\u{0}", at: 148)
        bytes += block + content + [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    }

    mutating func end() {
        bytes += [UInt8](repeating: 0, count: 10240)
    }
}

/// A small image whose parts a test can put together as it likes.
struct TinyImage {
    var layers: [[UInt8]]
    var config: [UInt8]

    init(layers count: Int = 2, seed: String = "x", os: String = "linux") {
        layers = (0..<count).map { number in
            var tar = TarBuilder()
            tar.add("file\(number)", Array("content \(seed) \(number)\n".utf8))
            tar.end()
            return tar.bytes
        }
        let diffIDs = layers.map { "\"\(SHA256Digest(of: $0))\"" }.joined(separator: ",")
        config = Array(
            """
            {"architecture":"amd64","os":"\(os)","config":{"Env":["A=\(seed)"]},"rootfs":{"type":"layers","diff_ids":[\(diffIDs)]}}
            """.utf8)
    }

    var id: SHA256Digest { SHA256Digest(of: config) }
    func hex(_ layer: Int) -> String { SHA256Digest(of: layers[layer]).hexadecimal }

    func manifest(_ names: [String] = ["tiny:1"], layer: (Int) -> String, config: String) -> JSONValue {
        .object([
            .init("Config", .string(config)), .init("RepoTags", .strings(names)),
            .init("Layers", .strings(layers.indices.map(layer))),
        ])
    }

    /// As podman writes it.
    func podman(names: [String] = ["localhost/tiny:1"]) -> [UInt8] {
        var tar = TarBuilder()
        for index in layers.indices { tar.add(hex(index) + ".tar", layers[index]) }
        tar.add(id.hexadecimal + ".json", config)
        for index in layers.indices {
            tar.add("legacy\(index)/layer.tar", type: "2", link: "../\(hex(index)).tar")
            tar.add("legacy\(index)/VERSION", Array("1.0".utf8))
            tar.add("legacy\(index)/json", Array("{}".utf8))
        }
        let manifest = manifest(names, layer: { hex($0) + ".tar" }, config: id.hexadecimal + ".json")
        tar.add("manifest.json", Array(JSONValue.array([manifest]).text.utf8))
        tar.add("repositories", Array("{}".utf8))
        tar.end()
        return tar.bytes
    }

    /// As docker 20.10 writes it: folders in any order, layers that stand elsewhere as links.
    func docker() -> [UInt8] {
        var tar = TarBuilder()
        for index in layers.indices.reversed() {
            tar.add("folder\(index)/", type: "5")
            tar.add("folder\(index)/VERSION", Array("1.0".utf8))
            tar.add("folder\(index)/json", Array("{}".utf8))
            tar.add("folder\(index)/layer.tar", layers[index])
        }
        tar.add(id.hexadecimal + ".json", config)
        tar.add("other/layer.tar", type: "2", link: "../folder0/layer.tar")
        let manifest = manifest(
            layer: { $0 == 0 ? "other/layer.tar" : "folder\($0)/layer.tar" }, config: id.hexadecimal + ".json")
        tar.add("manifest.json", Array(JSONValue.array([manifest]).text.utf8))
        tar.end()
        return tar.bytes
    }

    /// The canonical form, written out by hand.
    var canonicalMembers: [(name: String, bytes: [UInt8])] {
        let blob = { (digest: SHA256Digest) in "blobs/sha256/" + digest.hexadecimal }
        var members = layers.map { (blob(SHA256Digest(of: $0)), $0) }
        members.append((blob(id), config))
        let names = layers.map { "\"\(blob(SHA256Digest(of: $0)))\"" }.joined(separator: ",")
        let manifest = "[{\"Config\":\"\(blob(id))\",\"RepoTags\":[\"tiny:1\"],\"Layers\":[\(names)]}]\n"
        members.append(("manifest.json", Array(manifest.utf8)))
        return members
    }
}
