import Git
import Hashing
import JSON
import OCI
import SystemCalls
import SystemPackage

/// Builds a record from the members of a document.
struct DocumentReader: ~Copyable {
    private var scanner: JSONReader
    private(set) var record = InputsRecord()
    private var filesLeft = InputLimit.recordFiles
    private var namesLeft = InputLimit.recordNames

    init(_ descriptor: FileDescriptor, named name: String) {
        scanner = JSONReader { try Files.read(descriptor, into: &$0, named: name) }
    }

    init(_ bytes: [UInt8]) {
        scanner = JSONReader(bytes)
    }

    /// Reads as much as was asked for.
    mutating func record(_ extent: InputsRecord.Extent) throws(JSONError) -> InputsRecord {
        record.algorithm = ""
        var seen: Set<String> = []
        var isWhole = true
        try scanner.expect("{")
        repeat {
            let name = String(decoding: try scanner.string(), as: UTF8.self)
            try scanner.expect(":")
            if ends(before: name, extent) {
                isWhole = false
                break
            }
            // Whoever stops after the first of two would decide by another than who reads on.
            if name == "files" || Self.members.contains(name), !seen.insert(name).inserted {
                throw scanner.failure("\(name) twice")
            }
            if name == "files" {
                var files = FileTable()
                try readFiles { files.append($0) }
                files.sort()
                record.files = files
                continue
            }
            guard Self.members.contains(name) else {
                try scanner.skip()
                continue
            }
            try take(name, try scanner.value())
            if name == "algo", record.algorithm != InputsRecord.currentAlgorithm {
                throw scanner.failure("another form")
            }
            if name == "requires", !record.unknownRequirements.isEmpty { throw scanner.failure("a newer form") }
        } while try scanner.more(until: "}")
        if isWhole {
            try scanner.end()
        } else if case .head = extent {
            record.extent = .head
        } else {
            record.extent = .decision
        }
        guard seen.contains("key"), !record.algorithm.isEmpty else { throw scanner.failure("no key and no form") }
        return record
    }

    /// Whether a member and those behind it are not asked for.
    private func ends(before name: String, _ extent: InputsRecord.Extent) -> Bool {
        switch extent {
        case .decision: name == "platform"
        case .head: name == "files"
        case .all: false
        case .comparison(let key): name == "platform" && record.key == key
        }
    }

    /// The members that are read; others, which a later program may write, are passed over.
    private static let members: Set = [
        "algo", "requires", "key", "md5", "image", "marks", "provenance", "platform", "target", "dockerfile", "context",
        "contextFiles", "frontend", "args", "bases", "remotes", "config", "ops", "extra", "ignore", "git", "submodules",
        "recipe", "template",
    ]

    private mutating func take(_ name: String, _ value: JSONValue) throws(JSONError) {
        switch name {
        case "algo": record.algorithm = value.string ?? ""
        case "requires":
            guard let words = value.array, words.allSatisfy({ $0.string != nil }) else {
                throw scanner.failure("requirements that are no words")
            }
            record.requirements = words.compactMap(\.string)
        case "key":
            guard let key = value.string.flatMap({ SHA256Digest(hexadecimal: $0) }) else {
                throw scanner.failure("a key that is no digest")
            }
            record.key = key
        case "md5": record.md5 = value.string ?? ""
        case "image": record.image = value.string ?? ""
        case "marks": record.marks = (value.array ?? []).compactMap { Mark($0) }
        case "provenance": record.provenance = Provenance(value)
        case "platform" where value == .null: break
        case "platform":
            guard let platform = value.string.flatMap({ try? Platform($0) }) else {
                throw scanner.failure("a platform that is none")
            }
            record.platform = platform
        case "recipe": record.recipe = value.string
        case "template": record.template = value
        case "target": record.target = value.string
        case "dockerfile": record.dockerfile = value.string ?? ""
        case "context": record.context = value.string ?? ""
        case "contextFiles": record.contextFiles = value.string.flatMap { .init(rawValue: $0) } ?? .clone
        case "frontend": record.frontend = value.string
        case "args": record.arguments = (value.members ?? []).map { .init(name: $0.name, json: $0.value) }
        case "bases": record.bases = (value.array ?? []).compactMap { InputsRecord.Base($0) }
        case "remotes": record.remotes = value.array ?? []
        case "config": record.config = value
        case "ops":
            record.operations = value.array ?? []
            if record.operations.count > InputLimit.recordOperations {
                throw scanner.failure("more than \(InputLimit.recordOperations) operations")
            }
        case "extra": record.extra = value
        case "ignore": record.ignore = value
        case "git": record.git = value
        case "submodules":
            for member in value.members ?? [] {
                let commit = member.value.string.flatMap { ObjectID(hexadecimal: $0) }
                record.submodules[RelativePath(percentEncoded: member.name)] = commit
            }
        default: break
        }
    }

    /// Reads the member `files`, line by line.
    private mutating func readFiles(_ body: (FileRecord) -> Void) throws(JSONError) {
        try scanner.expect("{")
        if try scanner.takes("}") { return }
        repeat {
            let path = RelativePath(percentEncoded: String(decoding: try scanner.string(), as: UTF8.self))
            try scanner.expect(":")
            let file = try file(path)
            filesLeft -= 1
            namesLeft -= path.bytes.count
            if case .link(let text) = file.content { namesLeft -= text.count }
            if filesLeft < 0 { throw scanner.failure("more than \(InputLimit.recordFiles) files") }
            if namesLeft < 0 { throw scanner.failure("names of more than \(InputLimit.recordNames) bytes") }
            body(file)
        } while try scanner.more(until: "}")
    }

    private mutating func file(_ path: RelativePath) throws(JSONError) -> FileRecord {
        try scanner.expect("[")
        let isLink = try scanner.string() == [UInt8(ascii: "l")]
        try scanner.expect(",")
        let mode = try optional()
        try scanner.expect(",")
        let value = try scanner.string()
        try scanner.expect(",")
        let size = try scanner.scalar().integer ?? 0
        try scanner.expect(",")
        let blob = try optional()
        try scanner.expect(",")
        let oid = try optional()
        try scanner.expect("]")
        let content: FileRecord.Content
        if isLink {
            content = .link(RelativePath(percentEncoded: String(decoding: value, as: UTF8.self)).bytes)
        } else {
            guard let bytes = [UInt8](hexadecimal: value), let digest = SHA256Digest(bytes: bytes) else {
                throw scanner.failure("a file without digest")
            }
            content = .file(digest, size: size, isExecutable: mode?.elementsEqual("755".utf8) ?? false)
        }
        return FileRecord(
            path: path, content: content,
            blob: blob.flatMap { [UInt8](hexadecimal: $0) }.flatMap { ObjectID(bytes: $0) },
            isLFS: oid != nil)
    }

    /// A string, or nil for `null`.
    private mutating func optional() throws(JSONError) -> [UInt8]? {
        if try scanner.token() == UInt8(ascii: "\"") { return try scanner.string() }
        _ = try scanner.scalar()
        return nil
    }
}

extension InputsRecord.Base {
    init?(_ json: JSONValue) {
        guard let reference = json["ref"]?.string.flatMap({ try? ImageReference($0) }),
            let identity = json["identity"]?.string.flatMap({ BaseIdentity($0) })
        else { return nil }
        self.init(reference: reference, line: Int(json["line"]?.integer ?? 0), identity: identity)
    }
}
