import Git
import Hashing
import JSON
import OCI
import SystemCalls
import SystemPackage

/// Builds a record from the members of a document.
struct DocumentReader: ~Copyable {
    private var scanner: DocumentScanner
    private(set) var record = InputsRecord()

    init(_ descriptor: FileDescriptor, named name: String) {
        scanner = DocumentScanner(descriptor, named: name)
    }

    init(_ bytes: [UInt8], named name: String) {
        scanner = DocumentScanner(bytes, named: name)
    }

    /// Reads as much as was asked for.
    mutating func record(_ extent: InputsRecord.Extent) throws(DocumentScanner.Failure) -> InputsRecord {
        record.algorithm = ""
        var seen = false
        try scanner.expect("{")
        repeat {
            let name = String(decoding: try scanner.string(), as: UTF8.self)
            try scanner.expect(":")
            if name == "platform", extent == .decision { break }
            if name == "files" {
                if extent != .all { break }
                var records: [FileRecord] = []
                try readFiles { records.append($0) }
                record.files = FileTable(records)
                continue
            }
            try take(name, try scanner.value())
            if name == "algo", Algorithm.isNewer(record.algorithm) { throw .damaged }
            if name == "key" { seen = true }
        } while try scanner.more(until: "}")
        guard seen, !record.algorithm.isEmpty else { throw .damaged }
        return record
    }

    /// Reads the files only.
    mutating func files(_ body: (FileRecord) -> Void) throws(DocumentScanner.Failure) {
        try scanner.expect("{")
        repeat {
            let name = String(decoding: try scanner.string(), as: UTF8.self)
            try scanner.expect(":")
            if name == "files" {
                try readFiles(body)
            } else if name == "algo" {
                guard try scanner.string().elementsEqual(InputsRecord.currentAlgorithm.utf8) else { return }
            } else {
                _ = try scanner.value()
            }
        } while try scanner.more(until: "}")
    }

    private mutating func take(_ name: String, _ value: JSONValue) throws(DocumentScanner.Failure) {
        switch name {
        case "algo": record.algorithm = value.string ?? ""
        case "key":
            guard let key = value.string.flatMap({ SHA256Digest(hexadecimal: $0) }) else { throw .damaged }
            record.key = key
        case "md5": record.md5 = value.string ?? ""
        case "image": record.image = value.string ?? ""
        case "marks": record.marks = (value.array ?? []).compactMap { Mark($0) }
        case "provenance": record.provenance = Provenance(value)
        case "platform":
            guard let platform = value.string.flatMap({ try? Platform($0) }) else { throw .damaged }
            record.platform = platform
        case "target": record.target = value.string
        case "dockerfile": record.dockerfile = value.string ?? ""
        case "context": record.context = value.string ?? ""
        case "contextFiles": record.contextFiles = value.string.flatMap { .init(rawValue: $0) } ?? .clone
        case "frontend": record.frontend = value.string
        case "args": record.arguments = (value.members ?? []).map { .init(name: $0.name, json: $0.value) }
        case "bases": record.bases = (value.array ?? []).compactMap { InputsRecord.Base($0) }
        case "remotes": record.remotes = value.array ?? []
        case "config": record.config = value
        case "ops": record.operations = value.array ?? []
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
    private mutating func readFiles(_ body: (FileRecord) -> Void) throws(DocumentScanner.Failure) {
        try scanner.expect("{")
        if try scanner.token() == UInt8(ascii: "}") {
            try scanner.expect("}")
            return
        }
        repeat {
            let path = RelativePath(percentEncoded: String(decoding: try scanner.string(), as: UTF8.self))
            try scanner.expect(":")
            body(try file(path))
        } while try scanner.more(until: "}")
    }

    private mutating func file(_ path: RelativePath) throws(DocumentScanner.Failure) -> FileRecord {
        try scanner.expect("[")
        let isLink = try scanner.string() == [UInt8(ascii: "l")]
        guard try scanner.more(until: "]") else { throw .damaged }
        let mode = try optional()
        guard try scanner.more(until: "]") else { throw .damaged }
        let value = try scanner.string()
        guard try scanner.more(until: "]") else { throw .damaged }
        let size = try scanner.value().integer ?? 0
        guard try scanner.more(until: "]") else { throw .damaged }
        let blob = try optional()
        guard try scanner.more(until: "]") else { throw .damaged }
        let oid = try optional()
        if try scanner.more(until: "]") { throw .damaged }
        let content: FileRecord.Content
        if isLink {
            content = .link(RelativePath(percentEncoded: String(decoding: value, as: UTF8.self)).bytes)
        } else {
            guard let bytes = [UInt8](hexadecimal: value), let digest = SHA256Digest(bytes: bytes) else {
                throw .damaged
            }
            content = .file(digest, size: size, isExecutable: mode?.elementsEqual("755".utf8) ?? false)
        }
        return FileRecord(
            path: path, content: content,
            blob: blob.flatMap { [UInt8](hexadecimal: $0) }.flatMap { ObjectID(bytes: $0) },
            isLFS: oid != nil)
    }

    /// A string, or nil for `null`.
    private mutating func optional() throws(DocumentScanner.Failure) -> [UInt8]? {
        if try scanner.token() == UInt8(ascii: "\"") { return try scanner.string() }
        _ = try scanner.value()
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
