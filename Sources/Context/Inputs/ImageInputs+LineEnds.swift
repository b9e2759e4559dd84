import Git
import Records
import SystemCalls
import SystemPackage

extension ImageInputs {
    /// A file that a fresh clone holds with other line ends than the work tree.
    public struct OtherLineEnds: Hashable, Sendable {
        /// The path below the context.
        public let path: RelativePath
        /// `CRLF` or `LF`: what the attributes make of the file at a checkout.
        public let cloned: String
    }

    /// The largest file that is looked into.
    private static let lineEndLimit = 16 << 20

    /// The tracked files whose line ends the attributes change at a checkout: no fresh clone has this key.
    ///
    /// Only what every clone shares counts, not `core.autocrlf` and `core.eol`.
    public func otherLineEnds(in repository: Repository) throws -> [OtherLineEnds] {
        guard request.contextFiles == .clone, let prefix = repository.relativePath(of: request.context) else {
            return []
        }
        let index = try repository.index()
        let attributes = try repository.attributes(["eol", "text", "filter"], index: index)
        return try record.files.compactMap { file in
            guard file.digest != nil, !file.isLFS, !file.isUntracked, file.size <= Self.lineEndLimit else { return nil }
            let path = prefix.appending(file.path)
            let values = try attributes.values(for: path)
            // Without `eol`, a text has the system's line ends.
            let isText = values[1] == .set || values[1] == .value("auto")
            guard let end = values[0].text ?? (isText ? "lf" : nil), end == "crlf" || end == "lf", values[1] != .unset,
                let entry = index.entry(at: path),
                let bytes = try Files.readPlain(request.context.appending(file.path), limit: Self.lineEndLimit)
            else { return nil }
            let isAutomatic = values[1] == .value("auto")
            let ends = LineEnds(bytes)
            if isAutomatic, ends.isBinary { return nil }
            // What Git holds with CR LF it leaves alone: nothing makes LF of it at a checkout.
            let isHeld = ends.hasPairs && ObjectID(ofBlob: bytes) == entry.id
            if end == "crlf" {
                return ends.hasSingle && !(isAutomatic && isHeld) ? OtherLineEnds(path: file.path, cloned: "CRLF") : nil
            }
            return ends.hasPairs && !isHeld ? OtherLineEnds(path: file.path, cloned: "LF") : nil
        }
    }
}

/// The line ends of a file.
private struct LineEnds {
    /// Whether there is CR LF.
    var hasPairs = false
    /// Whether there is LF alone.
    var hasSingle = false
    /// Whether there is what Git finds in no text: NUL, or CR alone.
    var isBinary = false

    init(_ bytes: [UInt8]) {
        var previous: UInt8 = 0
        for byte in bytes {
            if byte == 0 { isBinary = true }
            if byte == UInt8(ascii: "\n") {
                if previous == UInt8(ascii: "\r") { hasPairs = true } else { hasSingle = true }
            } else if previous == UInt8(ascii: "\r") {
                isBinary = true
            }
            previous = byte
        }
    }
}
