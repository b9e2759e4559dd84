import Hashing
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

    /// The document's text; without `provenance` and checksum where there is none, as `inputs --json` prints it.
    public var document: [UInt8] {
        var writer = DocumentWriter(record: self)
        var text: [UInt8] = []
        while let piece = writer.next() { text += piece }
        return text
    }
}

/// Gives the document of a record in pieces of bounded size: a head, then one file per line, then the checksum of an entry's
/// record.
struct DocumentWriter {
    private let record: InputsRecord
    private let hash = IncrementalHash(.sha256)
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
            record.fileMember(record.files.entries[index]).write(to: &piece, spaced: true)
            index += 1
        }
        position = index
        let isLast = index == record.files.entries.count
        if isLast { piece += "}".utf8 }
        piece.withUnsafeBytes { hash.update($0) }
        if isLast {
            piece += record.provenance == nil ? Array("}\n".utf8) : RecordSum.end(SHA256Digest(finishing: hash))
            isDone = true
        }
        return piece
    }

    private func head(_ output: inout [UInt8]) {
        for (index, member) in record.headMembers.enumerated() {
            output += (index == 0 ? "{" : Self.firstOfLine.contains(member.name) ? ",\n " : ", ").utf8
            guard member.name == "ops", let operations = member.value.array else {
                member.write(to: &output, spaced: true)
                continue
            }
            output += "\"ops\": [".utf8
            for (index, operation) in operations.enumerated() {
                output += (index == 0 ? "" : ",\n         ").utf8
                operation.write(to: &output, spaced: true)
            }
            output += "]".utf8
        }
        output += ",\n \"files\": {".utf8
    }

    /// The members that begin a line.
    private static let firstOfLine: Set = [
        "provenance", "platform", "frontend", "template", "ops", "extra", "git", "submodules",
    ]
}

extension InputsRecord {
    /// The document as a value, its members in their fixed order.
    public var json: JSONValue {
        .object(headMembers + [.init("files", .object(files.entries.map(fileMember)))])
    }

    /// The members before `files`.
    fileprivate var headMembers: [JSONValue.Member] {
        var members: [JSONValue.Member] = []
        func add(_ name: String, _ value: JSONValue) { members.append(.init(name, value)) }
        add("algo", .string(algorithm))
        add("requires", .array(requirements.map { .string($0) }))
        add("key", .string(key.hexadecimal))
        add("md5", .string(md5))
        add("image", .string(image))
        add("marks", .array(marks.map(\.json)))
        if let provenance { add("provenance", provenance.json) }
        add("platform", platform.map { .string($0.description) } ?? .null)
        if let recipe {
            addRecipe(recipe, to: &members)
            return members
        }
        add("target", target.map { .string($0) } ?? .null)
        add("dockerfile", .string(dockerfile))
        add("context", .string(context))
        add("contextFiles", .string(contextFiles.rawValue))
        add("frontend", frontend.map { .string($0) } ?? .null)
        add("args", .object(arguments.map { .init($0.name, $0.json) }))
        add("bases", .array(bases.map(\.json)))
        add("remotes", .array(remotes))
        add("config", config)
        add("ops", .array(operations))
        add("extra", extra)
        add("ignore", ignore)
        add("git", git)
        addSubmodules(to: &members)
        return members
    }

    /// The members behind `platform` of a recipe that is no Dockerfile: those of Dockerfiles are left out.
    private func addRecipe(_ recipe: String, to members: inout [JSONValue.Member]) {
        members += [
            .init("recipe", .string(recipe)), .init("context", .string(context)),
            .init("contextFiles", .string(contextFiles.rawValue)), .init("template", template), .init("extra", extra),
            .init("git", git),
        ]
        addSubmodules(to: &members)
    }

    private func addSubmodules(to members: inout [JSONValue.Member]) {
        if submodules.isEmpty { return }
        let commits = submodules.map { ($0.key.percentEncoded, JSONValue.string($0.value.hexadecimal)) }
        members.append(.init("submodules", .map(Dictionary(commits) { first, _ in first })))
    }

    /// `"PATH": ["f", "644", SHA256, SIZE, BLOB, OID]`, or `"PATH": ["l", null, TEXT, null, BLOB, null]`.
    fileprivate func fileMember(_ entry: FileTable.Entry) -> JSONValue.Member {
        let content: [JSONValue]
        if entry.flags.contains(.link) {
            let text = RelativePath(bytes: Array(files.linkText(entry))).percentEncoded
            content = ["l", nil, .string(text), nil]
        } else {
            let mode: JSONValue = entry.flags.contains(.executable) ? "755" : "644"
            content = ["f", mode, .string(entry.digest.hexadecimal), .integer(entry.size)]
        }
        let blob: JSONValue = entry.flags.contains(.hasBlob) ? .string(entry.blob.hexadecimal) : nil
        let oid: JSONValue = entry.flags.contains(.lfs) ? .string(entry.digest.hexadecimal) : nil
        return .init(RelativePath(bytes: Array(files.name(entry))).percentEncoded, .array(content + [blob, oid]))
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
