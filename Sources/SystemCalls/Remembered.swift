import SystemPackage

/// What a command has made of files: a file is read again only where it is another one than at the last time.
///
/// What it or another process changes meanwhile is seen all the same, and a command opens each file once.
public struct Remembered<Value> {
    fileprivate struct Known {
        let status: FileStatus
        let value: Value
    }

    private var files: [FilePath: Known] = [:]

    /// Remembers nothing yet.
    public init() {}

    /// What a file is read as; nil where nothing is there.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - followLinks: Whether a link counts for what it leads to.
    ///   - isEnough: Whether what was read at the last time is all that is asked for.
    ///   - read: Reads the file; nil where it is missing.
    public mutating func value<Failure: Error>(
        of path: FilePath, followLinks: Bool = false, isEnough: (Value) -> Bool = { _ in true },
        _ read: () throws(Failure) -> Value?
    ) throws(Failure) -> Value? {
        // Looked at before it is opened: one that is replaced in between is read again at the next time.
        let found: FileStatus?
        do throws(SystemError) { found = try FileStatus.of(path, followLinks: followLinks) } catch { return try read() }
        guard let status = found else { return nil }
        if let known = files[path], known.status == status, isEnough(known.value) { return known.value }
        guard let value = try read() else { return nil }
        if status.kind == .file { files[path] = Known(status: status, value: value) }
        return value
    }
}

extension Remembered: Sendable where Value: Sendable {}
extension Remembered.Known: Sendable where Value: Sendable {}
