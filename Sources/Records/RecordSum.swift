import Hashing
import SystemCalls
import SystemPackage

/// The checksum that ends a record: the member `sum`, the SHA-256 of all bytes before it.
///
/// A record is committed as text, and a flipped bit in the middle of it changes no key that anybody computes.
public enum RecordSum {
    /// What a checksum says of a record.
    public enum Verdict: Hashable, Sendable {
        /// The record is as it was written.
        case sound
        /// It has none: an older program wrote it.
        case absent
        /// The record is not as it was written.
        case wrong
    }

    /// How a record without checksum ends.
    private static let plainEnd = Array("}}\n".utf8)
    private static let before = Array(",\n \"sum\": \"".utf8)
    private static let after = Array("\"}\n".utf8)
    /// The bytes of a checksum with what is around it.
    private static let length = before.count + 64 + after.count

    /// The end of a document whose other bytes were hashed.
    static func end(_ digest: SHA256Digest) -> [UInt8] { before + Array(digest.hexadecimal.utf8) + after }

    /// Checks a document at hand.
    public static func verdict(of document: [UInt8]) -> Verdict {
        if document.suffix(plainEnd.count).elementsEqual(plainEnd) { return .absent }
        let body = document.dropLast(length)
        return document.count > length && document.suffix(length).elementsEqual(end(SHA256Digest(of: body)))
            ? .sound : .wrong
    }

    /// Checks a file, piece by piece; nil where there is none.
    public static func verdict(of path: FilePath) throws(SystemError) -> Verdict? {
        let descriptor: FileDescriptor
        do { descriptor = try Files.openPlain(path) } catch  where error.errno == .noSuchFileOrDirectory { return nil }
        defer { try? descriptor.close() }
        let hash = IncrementalHash(.sha256)
        var buffer = [UInt8](repeating: 0, count: 256 << 10)
        var held: [UInt8] = []
        while true {
            let count = try Files.read(descriptor, into: &buffer, named: path.string)
            if count == 0 { break }
            held += buffer[..<count]
            guard held.count > length else { continue }
            held.prefix(held.count - length).withUnsafeBytes { hash.update($0) }
            held.removeFirst(held.count - length)
        }
        if held.suffix(plainEnd.count).elementsEqual(plainEnd) { return .absent }
        return held.elementsEqual(end(SHA256Digest(finishing: hash))) ? .sound : .wrong
    }
}
