import Hashing
import SystemCalls

/// The lines of `apt-get install --print-uris`: `'URL' FILE SIZE SHA256:DIGEST`.
enum AptPrintedURIs {
    /// The packages of an output, sorted by file name; other lines are passed over.
    static func packages(in output: [UInt8]) throws(PackageError) -> [Package] {
        var packages: [Package] = []
        for line in output.split(separator: UInt8(ascii: "\n")) where line.first == UInt8(ascii: "'") {
            let text = String(decoding: line, as: UTF8.self)
            guard let package = package(text) else {
                throw PackageError(
                    .untrusted, "cannot use a package that apt names: \(Printable.quoted(Printable.escaped(text)))",
                    hint: "the repository is damaged, or it has no SHA-256")
            }
            packages.append(package)
        }
        return packages.sorted { $0.fileName < $1.fileName }
    }

    /// The package of one line; nil where a part of it is not what it has to be.
    private static func package(_ line: String) -> Package? {
        let parts = line.dropFirst().split(separator: "'", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let url = AptAddress.shown(String(parts[0]))
        let words = parts[1].split(separator: " ")
        guard words.count == 3, words[2].hasPrefix("SHA256:"), let size = Int64(words[1]), size >= 0, size < 1 << 40,
            let digest = SHA256Digest(hexadecimal: words[2].dropFirst(7)),
            ["http://", "https://", "file:/"].contains(where: { url.hasPrefix($0) }),
            url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return nil }
        let fileName = String(words[0])
        guard isFileName(fileName), fileName.hasSuffix(".deb") else { return nil }
        let name = fileName.dropLast(4).split(separator: "_", omittingEmptySubsequences: false)
        guard name.count == 3, !name.contains(where: \.isEmpty), let version = unescaped(name[1]) else { return nil }
        return Package(
            name: String(name[0]), version: version, architecture: String(name[2]), fileName: fileName, url: url,
            size: size, sha256: digest)
    }

    /// Whether a text can be the name of a package's file: no folder, not hidden, no option.
    private static func isFileName(_ name: String) -> Bool {
        name.utf8.count <= 255 && !name.hasPrefix(".") && !name.hasPrefix("-")
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
                case UInt8(ascii: "0")...UInt8(ascii: "9"): true
                default: "+-.~_%:".utf8.contains(byte)
                }
            }
    }

    /// The text with `%XX` for what it stands for: apt writes the colon of an epoch as `%3a`.
    private static func unescaped(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte != UInt8(ascii: "%") {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16),
                value > 0x20, value < 0x7F
            else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
