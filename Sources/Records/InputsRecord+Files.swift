import Git
import Hashing
import JSON
import SystemCalls

extension InputsRecord {
    /// A file's line of the document: `[TYPE, MODE, SHA256 or TEXT, SIZE, BLOB, OID]`.
    package static func json(of file: FileRecord) -> JSONValue {
        let blob: JSONValue = file.blob.map { .string($0.hexadecimal) } ?? .null
        switch file.content {
        case .file(let digest, let size, let isExecutable):
            return [
                "f", isExecutable ? "755" : "644", .string(digest.hexadecimal), .integer(size), blob,
                file.isLFS ? .string(digest.hexadecimal) : .null,
            ]
        case .link(let text):
            return ["l", nil, .string(RelativePath(bytes: text).percentEncoded), nil, blob, nil]
        }
    }

    /// The files that `inputs` declared.
    package var extraFiles: [FileRecord] {
        (extra["files"]?.members ?? []).compactMap { member in
            guard let parts = member.value.array, parts.count == 6, let value = parts[2].string else { return nil }
            let path = RelativePath(percentEncoded: member.name)
            let blob = parts[4].string.flatMap { ObjectID(hexadecimal: $0) }
            if parts[0].string == "l" {
                return FileRecord(path: path, content: .link(RelativePath(percentEncoded: value).bytes), blob: blob)
            }
            guard let digest = SHA256Digest(hexadecimal: value) else { return nil }
            return FileRecord(
                path: path,
                content: .file(digest, size: parts[3].integer ?? 0, isExecutable: parts[1].string == "755"),
                blob: blob, isLFS: parts[5].string != nil)
        }
    }
}
