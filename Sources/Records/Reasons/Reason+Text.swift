import Hashing
import JSON
import OCI
import SystemCalls

extension Reason: CustomStringConvertible {
    /// One line for people, such as `changed src/main.py <- COPY src/ ./src/ (python/Dockerfile:21)`.
    public var description: String {
        statement + (instructions.isEmpty ? place : " <- " + reachedBy)
    }

    private var statement: String {
        let path = path ?? ""
        let subject = subject ?? ""
        switch name {
        case .keyRulesChanged: return "key rules changed" + change
        case .recipeChanged: return "recipe changed" + change
        case .platformChanged: return "platform changed" + change
        case .targetChanged: return "target changed" + change
        case .frontendChanged: return "frontend changed" + change
        case .baseAdded: return "new base image \(subject)"
        case .baseRemoved: return "base image \(subject) is no longer used"
        case .baseMoved: return "base image \(subject) moved" + change
        case .baseChanged: return "base image \(subject) changed" + change
        case .remoteChanged: return "remote source changed" + change
        case .argChanged: return "argument \(subject) changed" + change
        case .instructionAdded: return "new instruction" + (new.map { ": \($0)" } ?? "")
        case .instructionRemoved: return "removed instruction" + (old.map { ": \($0)" } ?? "")
        case .instructionChanged: return "instruction changed" + change
        case .configChanged: return "\(subject) changed" + change
        case .templateChanged: return "\(subject)\(templateChange) (\(path))"
        case .packageAdded: return "new package \(subject)" + (new.map { " \($0)" } ?? "") + " (\(path))"
        case .packageRemoved: return "package \(subject) is no longer installed (\(path))"
        case .packageChanged: return "package \(subject) changed" + change + " (\(path))"
        case .fileAdded: return "new \(path)"
        case .fileRemoved: return "removed \(path)"
        case .fileRenamed: return "renamed \(old ?? "") -> \(path)"
        case .fileContentChanged: return "changed \(path)"
        case .fileModeChanged: return "mode of \(path) changed" + change
        case .fileTypeChanged: return "type of \(path) changed" + change
        case .fileLinkChanged: return "link \(path) changed" + change
        case .fileEOLOnly:
            return "line ends of \(path) changed (`text eol=lf` in .gitattributes makes them equal everywhere)"
        case .fileEnteredByIgnore: return "\(path) is no longer ignored"
        case .fileLeftByIgnore: return "\(path) is now ignored"
        case .labelChanged: return "label \(subject) changed" + change
        case .extraChanged: return "declared input \(path.isEmpty ? subject : path) changed" + change
        case .saltChanged: return "salt \(subject) changed" + change
        default: return entryStatement
        }
    }

    private var entryStatement: String {
        switch name {
        case .entryMissing: "nothing is cached"
        case .archiveMissing: "the archive is missing"
        case .archiveSize:
            new == "0"
                ? "the archive is empty, \(old ?? "some") bytes are on record" : "the archive has another size" + change
        case .archiveUnusable: "the archive cannot be read: \(new ?? "it is no file")"
        case .recordMissing: new.map { "the inputs record is damaged: \($0)" } ?? "the inputs record is missing"
        case .sidecarMissing: "the .md5 file is missing"
        case .sidecarMismatch: "the .md5 file disagrees with the inputs record" + change
        case .conflictMarkers: new ?? "\(path ?? "a file of the entry") holds Git's conflict markers"
        case .pointerMismatch: "the LFS pointer is not that of the recorded archive" + change
        default: name.rawValue
        }
    }

    /// What became of a value of a template: `: + vim`, `: - vim`, `: a -> b`.
    private var templateChange: String {
        switch (old, new) {
        case (nil, let new?): ": + \(Self.short(new))"
        case (let old?, nil): ": - \(Self.short(old))"
        default: change
        }
    }

    private var change: String {
        switch (old, new) {
        case (let old?, let new?): ": \(Self.short(old)) -> \(Self.short(new))"
        case (let old?, nil): ": was \(Self.short(old))"
        case (nil, let new?): ": now \(Self.short(new))"
        case (nil, nil): ""
        }
    }

    private var place: String {
        guard let line, line > 0 else { return "" }
        return " (\(dockerfile ?? "Dockerfile"):\(line))"
    }

    private var reachedBy: String {
        let first = instructions[0]
        let others = instructions.count == 1 ? "" : " and \(instructions.count - 1) more"
        return "\(Self.short(first.text)) (\(first.file):\(first.line))\(others)"
    }

    /// A text on one line of at most 80 characters; digests keep 12 digits.
    static func short(_ text: String) -> String {
        if let digest = SHA256Digest(hexadecimal: text) { return digest.short }
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        return line.count <= 80 ? line : line.prefix(79) + "…"
    }
}

extension Reason {
    /// The object of `--json`: `{"reason", "path"?, "name"?, "file"?, "line"?, "old"?, "new"?, "lines"?, "instructions"?}`.
    public var json: JSONValue {
        var members = [JSONValue.Member("reason", .string(name.rawValue))]
        func add(_ name: String, _ value: JSONValue?) {
            if let value { members.append(JSONValue.Member(name, value)) }
        }
        add("path", path.map { .string($0) })
        add("name", subject.map { .string($0) })
        add("file", dockerfile.map { .string($0) })
        add("line", line.map { .integer(Int64($0)) })
        add("old", old.map { .string($0) })
        add("new", new.map { .string($0) })
        add("lines", lines.isEmpty ? Optional.none : .array(lines.map { .integer(Int64($0)) }))
        add(
            "instructions",
            instructions.isEmpty
                ? Optional.none
                : .array(
                    instructions.map {
                        ["text": .string($0.text), "file": .string($0.file), "line": .integer(Int64($0.line))]
                    }))
        return .object(members)
    }
}
