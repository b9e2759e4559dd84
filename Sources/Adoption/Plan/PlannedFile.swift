import SystemCalls
import SystemPackage

/// A file that is to be written, or that stays as it is.
public struct PlannedFile: Sendable {
    /// Its path below the work tree, or below the project outside of one.
    public let path: RelativePath
    /// Its place.
    public let place: FilePath
    /// What stands there; nil where nothing does.
    public let before: [UInt8]?
    /// What is to stand there; nil where the file is to go.
    public let after: [UInt8]?
    /// Whether it is a program.
    public let isExecutable: Bool

    /// Plans a file.
    init(_ path: RelativePath, at place: FilePath, before: [UInt8]?, after: [UInt8]?, isExecutable: Bool = false) {
        self.path = path
        self.place = place
        self.before = before
        self.after = after
        self.isExecutable = isExecutable
    }

    /// `create`, `change` or `remove`; nil where nothing is to be done.
    public var action: String? {
        if before == after { return nil }
        return before == nil ? "create" : after == nil ? "remove" : "change"
    }

    /// What changes, line by line, with `+` and `-` in front and unchanged lines left out.
    public var difference: [String] {
        let old = Self.lines(before ?? [])
        let new = Self.lines(after ?? [])
        return new.difference(from: old).sorted().map { change in
            switch change {
            case .insert(_, let line, _): "+ \(line)"
            case .remove(_, let line, _): "- \(line)"
            }
        }
    }

    private static func lines(_ bytes: [UInt8]) -> [String] {
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
            String(decoding: $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0, as: UTF8.self)
        }
        if lines.last == "" { lines.removeLast() }
        return lines
    }

    /// Writes the file; a program may then be run.
    public func write() throws(SystemError) {
        guard let after else {
            try Files.remove(place)
            return
        }
        try Files.createDirectories(place.removingLastComponent())
        try Files.replace(place, with: after, permissions: isExecutable && before == nil ? 0o777 : nil)
    }
}

extension CollectionDifference<String> {
    /// The changes in the order of the lines: what goes before what comes at a place.
    fileprivate func sorted() -> [Change] {
        func place(_ change: Change) -> (Int, Int) {
            switch change {
            case .remove(let offset, _, _): (offset, 0)
            case .insert(let offset, _, _): (offset, 1)
            }
        }
        return sorted { place($0) < place($1) }
    }
}
