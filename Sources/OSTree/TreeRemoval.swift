import Glibc
import SystemCalls
import SystemPackage

/// Removing trees in which somebody may have mounted something.
public enum TreeRemoval {
    /// Removes a folder and all below it; links are not followed, and nothing is removed where something is mounted.
    ///
    /// - Throws: `TreeError`, which names the mount.
    public static func remove(_ path: FilePath) throws(TreeError) {
        do {
            guard Files.exists(path) else { return }
            let real = try Files.realPath(path)
            let table = try Files.read("/proc/self/mountinfo") ?? []
            if let place = mounts(at: real, in: String(decoding: table, as: UTF8.self)).first {
                throw TreeError(
                    .file, "cannot remove \(Printable.escaped(path.string)): \(Printable.escaped(place)) is mounted",
                    hint: "see what it is for, then: umount \(Printable.escaped(place))")
            }
            try Files.removeTree(path)
        } catch let error as TreeError {
            throw error
        } catch {
            throw TreeError(.file, Printable.escaped("\(error)"))
        }
    }

    /// The mount points at a folder or below it, the deepest first.
    ///
    /// - Parameter table: The text of `/proc/self/mountinfo`.
    static func mounts(at folder: FilePath, in table: String) -> [String] {
        table.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard words.count > 4 else { return nil }
            let place = unescaped(words[4])
            return place == folder.string || place.hasPrefix(folder.string + "/") ? place : nil
        }.sorted { $0.utf8.count > $1.utf8.count }
    }

    /// The kernel writes blanks, tabs, newlines and backslashes as three octal digits.
    private static func unescaped(_ word: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(word.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\"), rest.count >= 3,
                let value = UInt8(String(decoding: rest.prefix(3), as: UTF8.self), radix: 8)
            {
                bytes.append(value)
                rest.removeFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
