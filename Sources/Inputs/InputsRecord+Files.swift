import JSON
import SystemCalls

extension InputsRecord {
    /// A file's line of the document: `[TYPE, MODE, SHA256 or TEXT, SIZE, BLOB, OID]`.
    static func json(of file: FileRecord) -> JSONValue {
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
}
