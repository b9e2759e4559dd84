import Hashing
import JSON
import SystemCalls
import SystemPackage

/// `.index.json`: what the cache itself put into its folder, and when each file was used last.
///
/// It decides nothing about trust, only what may be removed for room.
struct PackageIndex: Hashable, Sendable {
    struct Entry: Hashable, Sendable {
        var size: Int64
        var sha256: SHA256Digest
        /// Seconds since 1970.
        var lastUsed: Int64
    }

    /// The files by name.
    var files: [String: Entry] = [:]

    private static let version: Int64 = 1

    /// Reads an index; a missing or damaged one is empty, so that nothing is removed on its word.
    static func read(_ path: FilePath) -> PackageIndex {
        guard let bytes = (try? Files.readPlain(path, limit: 16 << 20)) ?? nil,
            let document = try? JSONValue(parsing: bytes), document["version"]?.integer == version,
            let files = document["files"]?.array
        else { return PackageIndex() }
        var index = PackageIndex()
        for file in files {
            guard let name = file["name"]?.string, isFileName(name), let size = file["size"]?.integer, size >= 0,
                let digest = file["sha256"]?.string.flatMap({ SHA256Digest(hexadecimal: $0) }),
                let lastUsed = file["lastUsed"]?.integer
            else { return PackageIndex() }
            index.files[name] = Entry(size: size, sha256: digest, lastUsed: lastUsed)
        }
        return index
    }

    /// Replaces the index in one step.
    func write(_ path: FilePath) throws(SystemError) {
        let entries = files.sorted { $0.key < $1.key }.map { name, entry -> JSONValue in
            [
                "name": .string(name), "size": .integer(entry.size), "sha256": .string(entry.sha256.hexadecimal),
                "lastUsed": .integer(entry.lastUsed),
            ]
        }
        let document: JSONValue = ["version": .integer(Self.version), "files": .array(entries)]
        try Files.replace(path, with: Array((document.indentedText() + "\n").utf8))
    }

    /// Whether a text can be the name of a package's file here: no folder, not hidden, no control characters.
    static func isFileName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 255 && !name.hasPrefix(".") && !name.hasPrefix("-")
            && name.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "/") }
            && (name.hasSuffix(".deb") || name.hasSuffix(".rpm"))
    }
}

extension PackageCache {
    var indexFile: FilePath { folder.appending(".index.json") }

    /// Changes the index under its lock.
    func changeIndex(_ change: (inout PackageIndex) -> Void) async throws {
        let held = try await OpenFileLock.wait(for: indexLock, .exclusive)
        defer { held.release() }
        let old = PackageIndex.read(indexFile)
        var new = old
        change(&new)
        if new != old { try new.write(indexFile) }
    }

    /// Notes that packages are used now.
    func noteUse(of packages: [Package]) async throws {
        let now = clock()
        try await changeIndex { index in
            for package in packages {
                index.files[package.fileName] = .init(size: package.size, sha256: package.sha256, lastUsed: now)
            }
        }
    }
}
