import Git
import SystemCalls
import SystemPackage

/// Reads the commit that is checked out, without opening the object database as a full look-up does.
enum HeadReader {
    /// The commit of HEAD; nil before the first commit.
    static func commit(of repository: Repository) -> ObjectID? {
        let head = repository.gitDirectory.appending("HEAD")
        guard let text = line(head) else { return nil }
        guard text.hasPrefix("ref: ") else { return ObjectID(hexadecimal: text) }
        let name = String(text.dropFirst(5))
        for folder in [repository.gitDirectory, repository.commonDirectory] {
            if let id = line(folder.pushing(FilePath(name))) { return ObjectID(hexadecimal: id) }
        }
        let packed = (try? Files.read(repository.commonDirectory.appending("packed-refs"))) ?? nil
        guard let packed else { return nil }
        let suffix = Array(" \(name)".utf8)
        for line in packed.split(separator: UInt8(ascii: "\n")) where line.count == 40 + suffix.count {
            if line.dropFirst(40).elementsEqual(suffix) {
                return ObjectID(hexadecimal: String(decoding: line.prefix(40), as: UTF8.self))
            }
        }
        return nil
    }

    /// The first line of a small file; nil where it cannot be read.
    private static func line(_ path: FilePath) -> String? {
        guard let bytes = (try? Files.read(path, limit: 64 << 10)) ?? nil else { return nil }
        return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }
}
