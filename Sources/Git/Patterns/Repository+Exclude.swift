import SystemCalls
import SystemPackage

extension Repository {
    /// Adds a pattern to `info/exclude` unless the file has that line already; whether it was added.
    @discardableResult
    public func exclude(_ pattern: String) throws -> Bool {
        // Git follows a link here; its target is changed, not the link.
        let name = commonDirectory.appending("info").appending("exclude")
        var bytes = try knownFiles.bytes(of: name, limit: 64 << 20) ?? []
        let line = Array(pattern.utf8)
        if bytes.split(separator: UInt8(ascii: "\n")).contains(where: { $0.elementsEqual(line) }) { return false }
        if let last = bytes.last, last != UInt8(ascii: "\n") { bytes.append(UInt8(ascii: "\n")) }
        let file = (try? Files.realPath(name)) ?? name
        try Files.createDirectories(file.removingLastComponent())
        try Files.replace(file, with: bytes + line + [UInt8(ascii: "\n")])
        forgetRules()
        return true
    }
}
