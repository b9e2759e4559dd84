import JSON

/// What an archive holds: a root file system, or an image for container engines.
enum ArchiveReader {
    /// Reads a tar; whether it is one for engines.
    static func read(_ walk: TarWalk) throws -> (DiskInspection.Archive, Bool) {
        var walk = walk
        var archive = DiskInspection.Archive()
        var manifest: TarWalk.Member?
        var blobs: [String: TarWalk.Member] = [:]
        while let member = try walk.next() {
            if member.name == "manifest.json" { manifest = member }
            let isBlob =
                member.name.hasPrefix("blobs/") || member.name.hasSuffix(".json") || member.name.hasSuffix("layer.tar")
            if isBlob, blobs.count < 1024 { blobs[member.name] = member }
            try takeRelease(member, walk, &archive)
        }
        archive.members = walk.count
        guard let manifest, let bytes = try walk.content(of: manifest),
            let image = try? JSONValue(parsing: bytes).array?.first
        else { return (archive, false) }
        archive.names = image["RepoTags"]?.array?.prefix(64).compactMap(\.string) ?? []
        let layers = image["Layers"]?.array?.compactMap(\.string) ?? []
        archive.layers = layers.count
        if let name = image["Config"]?.string, let member = blobs[name], let bytes = try walk.content(of: member),
            let config = try? JSONValue(parsing: bytes)
        {
            let words = [config["os"]?.string, config["architecture"]?.string, config["variant"]?.string]
            archive.platform = words.compactMap { $0 }.joined(separator: "/")
        }
        for layer in layers.prefix(128) {
            guard let member = blobs[layer] else { continue }
            // A layer may be compressed; what it holds is then not shown.
            var inner = walk.inside(member.content)
            while let member = try? inner.next() { try takeRelease(member, inner, &archive) }
        }
        return (archive, true)
    }

    /// Takes the fields of os-release, if a member is that file.
    private static func takeRelease(
        _ member: TarWalk.Member, _ walk: TarWalk, _ archive: inout DiskInspection.Archive
    ) throws {
        guard ["etc/os-release", "usr/lib/os-release"].contains(member.name), member.type == UInt8(ascii: "0"),
            let bytes = try walk.content(of: member, limit: 64 << 10)
        else { return }
        for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).prefix(100) {
            guard let sign = line.firstIndex(of: "="), line.first != "#" else { continue }
            var value = line[line.index(after: sign)...]
            for quote in ["\"", "'"] where value.count >= 2 && value.hasPrefix(quote) && value.hasSuffix(quote) {
                value = value.dropFirst().dropLast()
            }
            archive.osRelease[String(line[..<sign])] = String(value)
        }
    }
}
