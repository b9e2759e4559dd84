import SystemCalls
import SystemPackage

extension Repository {
    /// Adds a pattern to `info/exclude` unless the file has that line already; whether it was added.
    @discardableResult
    public func exclude(_ pattern: some Sequence<UInt8>) throws -> Bool {
        // Git follows a link here; its target is changed, not the link.
        let name = commonDirectory.appending("info").appending("exclude")
        var bytes = try knownFiles.bytes(of: name, limit: 64 << 20) ?? []
        let line = Array(pattern)
        if bytes.split(separator: UInt8(ascii: "\n")).contains(where: { $0.elementsEqual(line) }) { return false }
        if let last = bytes.last, last != UInt8(ascii: "\n") { bytes.append(UInt8(ascii: "\n")) }
        let file = (try? Files.realPath(name)) ?? name
        try sharedPermission.creating {
            try Files.createDirectories(file.removingLastComponent())
            try Files.replace(file, with: bytes + line + [UInt8(ascii: "\n")])
        }
        forgetRules()
        return true
    }

    /// Takes a pattern out of `info/exclude` again; whether it was there.
    @discardableResult
    public func include(_ pattern: some Sequence<UInt8>) throws -> Bool {
        let name = commonDirectory.appending("info").appending("exclude")
        guard let bytes = try knownFiles.bytes(of: name, limit: 64 << 20) else { return false }
        let line = Array(pattern)
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let kept = lines.filter { !$0.elementsEqual(line) }
        if kept.count == lines.count { return false }
        let file = (try? Files.realPath(name)) ?? name
        try sharedPermission.creating { try Files.replace(file, with: Array(kept.joined(separator: "\n".utf8))) }
        forgetRules()
        return true
    }
}
