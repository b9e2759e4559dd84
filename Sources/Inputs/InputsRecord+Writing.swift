import JSON
import SystemCalls
import SystemPackage

extension InputsRecord {
    /// Writes the document piece by piece to an open file.
    public func write(to descriptor: FileDescriptor, named name: String) throws(InputsError) {
        var writer = DocumentWriter(record: self)
        do throws(SystemError) {
            while let piece = writer.next() { try Files.write(piece, to: descriptor, named: name) }
        } catch { throw InputsError(error) }
    }

    /// The document's text; without `provenance` where there is none, as `inputs --json` prints it.
    public var document: [UInt8] {
        var writer = DocumentWriter(record: self)
        var text: [UInt8] = []
        while let piece = writer.next() { text += piece }
        return text
    }
}

/// Gives the document of a record in pieces of bounded size: a head, then one file per line.
struct DocumentWriter {
    private let record: InputsRecord
    private var position: Int?
    private var isDone = false

    private static let pieceSize = 64 << 10

    init(record: InputsRecord) {
        self.record = record
    }

    /// The next piece; nil after the last.
    mutating func next() -> [UInt8]? {
        if isDone { return nil }
        var piece: [UInt8] = []
        if position == nil {
            position = 0
            head(&piece)
        }
        var index = position ?? 0
        while index < record.files.entries.count, piece.count < Self.pieceSize {
            piece += index == 0 ? "\n".utf8 : ",\n".utf8
            line(record.files.entries[index], &piece)
            index += 1
        }
        position = index
        if index == record.files.entries.count {
            piece += "}}\n".utf8
            isDone = true
        }
        return piece
    }

    private func head(_ output: inout [UInt8]) {
        func add(_ name: String, _ value: JSONValue, newLine: Bool = false, first: Bool = false) {
            output += (first ? "{" : newLine ? ",\n " : ", ").utf8
            JSONValue.string(name).write(to: &output)
            output += ": ".utf8
            value.write(to: &output, spaced: true)
        }
        add("algo", .string(record.algorithm), first: true)
        add("key", .string(record.key.hexadecimal))
        add("md5", .string(record.md5))
        add("image", .string(record.image))
        add("marks", .array(record.marks.map(\.json)))
        if let provenance = record.provenance { add("provenance", provenance.json, newLine: true) }
        add("platform", record.platform.map { .string($0.description) } ?? .null, newLine: true)
        add("target", record.target.map { .string($0) } ?? .null)
        add("dockerfile", .string(record.dockerfile))
        add("context", .string(record.context))
        add("contextFiles", .string(record.contextFiles.rawValue))
        add("frontend", record.frontend.map { .string($0) } ?? .null, newLine: true)
        add("args", .object(record.arguments.map { .init($0.name, $0.json) }))
        add("bases", .array(record.bases.map(\.json)))
        add("remotes", .array(record.remotes))
        add("config", record.config)
        output += ",\n \"ops\": [".utf8
        for (index, operation) in record.operations.enumerated() {
            output += (index == 0 ? "" : ",\n         ").utf8
            operation.write(to: &output, spaced: true)
        }
        output += "]".utf8
        add("extra", record.extra, newLine: true)
        add("ignore", record.ignore)
        add("git", record.git, newLine: true)
        if !record.submodules.isEmpty {
            let commits = record.submodules.map { ($0.key.percentEncoded, JSONValue.string($0.value.hexadecimal)) }
            add("submodules", .map(Dictionary(commits) { first, _ in first }), newLine: true)
        }
        output += ",\n \"files\": {".utf8
    }

    /// `"PATH": ["f", "644", SHA256, SIZE, BLOB, OID]`.
    private func line(_ entry: FileTable.Entry, _ output: inout [UInt8]) {
        let name = RelativePath(bytes: Array(record.files.name(entry))).percentEncoded
        JSONValue.string(name).write(to: &output)
        if entry.flags.contains(.link) {
            output += ": [\"l\", null, ".utf8
            let text = RelativePath(bytes: Array(record.files.linkText(entry))).percentEncoded
            JSONValue.string(text).write(to: &output)
            output += ", null, ".utf8
        } else {
            output += (entry.flags.contains(.executable) ? ": [\"f\", \"755\", \"" : ": [\"f\", \"644\", \"").utf8
            entry.digest.appendHexadecimal(to: &output)
            output += "\", \(entry.size), ".utf8
        }
        output += (entry.flags.contains(.hasBlob) ? "\"\(entry.blob)\", " : "null, ").utf8
        if entry.flags.contains(.lfs) {
            output.append(UInt8(ascii: "\""))
            entry.digest.appendHexadecimal(to: &output)
            output += "\"]".utf8
        } else {
            output += "null]".utf8
        }
    }
}

extension InputsRecord.Base {
    var json: JSONValue {
        [
            "ref": .string(reference.description), "line": .integer(Int64(line)),
            "identity": .string(identity.description),
        ]
    }
}

extension InputsRecord {
    /// The document as a value, its members in their fixed order.
    public var json: JSONValue {
        var scanner = DocumentScanner(document, named: "inputs")
        return (try? scanner.value()) ?? .null
    }
}
