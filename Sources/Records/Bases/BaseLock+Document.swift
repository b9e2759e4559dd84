import Hashing
import JSON
import OCI
import SystemCalls
import SystemPackage

extension BaseLock {
    /// Reads a lock file; an empty lock where there is none.
    public static func read(_ path: FilePath) throws(InputsError) -> BaseLock {
        let bytes: [UInt8]
        do {
            guard let content = try Files.readPlain(path, limit: InputLimit.lock) else { return BaseLock() }
            bytes = content
        } catch {
            // What stands there in place of a file, a link for one, is mended as a damaged one is.
            let kind = ((try? FileStatus.of(path)) ?? nil)?.kind
            guard error.errno == .fileTooLarge || kind != nil && kind != .file else { throw InputsError(error) }
            throw InputsError(.damagedDocument, "cannot read \(path): \(error.reason)")
        }
        return try read(bytes, named: path.string)
    }

    /// Reads a lock at hand, of one side of a merge for example.
    public static func read(_ bytes: [UInt8], named name: String) throws(InputsError) -> BaseLock {
        if ConflictMarkers.areIn(bytes) {
            throw InputsError(.conflictMarkers, "cannot read \(name): it holds Git's conflict markers")
        }
        do throws(JSONError) {
            if let lock = BaseLock(try JSONValue(parsing: bytes)) { return lock }
        } catch {
            throw InputsError(.damagedDocument, "cannot read \(name): not a lock of base images (\(error))")
        }
        throw InputsError(.damagedDocument, "cannot read \(name): not a lock of base images")
    }

    /// Reads the document's value; nil where it has another form.
    init?(_ json: JSONValue) {
        guard let references = json.members else { return nil }
        self.init()
        for reference in references {
            guard let name = try? ImageReference(reference.name), let platforms = reference.value.members else {
                return nil
            }
            for platform in platforms {
                guard let key = try? Platform(reading: platform.name, .buildKit), let entry = Entry(platform.value)
                else { return nil }
                self[name, key] = entry
            }
        }
    }

    /// The document: sorted, one platform of one reference per line, so that merges stay small.
    public var document: [UInt8] { document { $2.member($0, $1) } }

    /// The document as older programs wrote it.
    package var documentWithoutSums: [UInt8] { document { $2.json } }

    private func document(_ member: (ImageReference, Platform, Entry) -> JSONValue) -> [UInt8] {
        var output = Array("{".utf8)
        for (index, (reference, platforms)) in sorted(entries).enumerated() {
            output += (index == 0 ? "\n" : ",\n").utf8
            JSONValue.string(reference.description).write(to: &output)
            output += ": {".utf8
            for (index, (platform, entry)) in sorted(platforms).enumerated() {
                output += (index == 0 ? "\n " : ",\n ").utf8
                JSONValue.string(platform.description).write(to: &output)
                output += ": ".utf8
                member(reference, platform, entry).write(to: &output, spaced: true)
            }
            output += "}".utf8
        }
        output += "\n}\n".utf8
        return output
    }

    private func sorted<Key: CustomStringConvertible, Element>(_ map: [Key: Element]) -> [(Key, Element)] {
        map.map { ($0.key, $0.value) }.sorted {
            $0.0.description.utf8.lexicographicallyPrecedes($1.0.description.utf8)
        }
    }
}

extension BaseLock.Entry {
    init?(_ json: JSONValue) {
        func strings(_ name: String) -> [String]? {
            guard let value = json[name], value != .null else { return [] }
            guard let values = value.array else { return nil }
            let texts = values.compactMap(\.string)
            return texts.count == values.count ? texts : nil
        }
        guard let config = json["config"]?.string.flatMap({ SHA256Digest($0) }),
            let contentID = json["contentId"]?.string.flatMap({ SHA256Digest(hexadecimal: $0) }),
            let layers = strings("diffIDs"), let shell = strings("Shell"), let onBuild = strings("OnBuild")
        else { return nil }
        let diffIDs = layers.compactMap { SHA256Digest($0) }
        let manifest = json["manifest"]?.string.map { SHA256Digest($0) }
        // What is there but no digest is refused; what is absent is not known.
        guard diffIDs.count == layers.count, manifest != .some(nil) else { return nil }
        var environment: [String: String] = [:]
        for member in json["Env"]?.members ?? [] {
            guard let value = member.value.string else { return nil }
            environment[member.name] = value
        }
        self.manifest = manifest ?? nil
        self.config = config
        self.diffIDs = diffIDs
        self.contentID = contentID
        self.environment = environment
        self.workingDirectory = json["WorkingDir"]?.string ?? ""
        self.user = json["User"]?.string ?? ""
        self.shell = shell
        self.onBuild = onBuild
    }

    var json: JSONValue {
        [
            "manifest": manifest.map { .string($0.description) } ?? .null, "config": .string(config.description),
            "diffIDs": .strings(diffIDs.map(\.description)),
            "contentId": .string(contentID.hexadecimal), "Env": .map(environment.mapValues { .string($0) }),
            "WorkingDir": .string(workingDirectory), "User": .string(user), "Shell": .strings(shell),
            "OnBuild": .strings(onBuild),
        ]
    }
}
