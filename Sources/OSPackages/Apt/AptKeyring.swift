import OSTemplate
import Programs
import SystemCalls
import SystemPackage

/// The keys of a repository, as a binary keyring in apt's root, which apt and gpgv both read.
enum AptKeyring {
    /// Bytes that a keyring may have.
    private static let limit = 16 << 20

    /// Brings the keyring of a repository into a root; nil where the repository is trusted without one.
    static func prepare(
        _ repository: PackageRepository, _ number: Int, in root: FilePath, environment: [String: String],
        isOffline: Bool
    ) async throws -> FilePath? {
        let target = root.appending("keys").appending("\(number).gpg")
        let bytes: [UInt8]
        let name: String
        switch repository.trust {
        case .unchecked: return nil
        case .keyring(let path):
            name = Printable.escaped(path.string)
            guard let found = try Files.read(path, limit: limit) else {
                throw PackageError(
                    .file, "cannot read the key \(name): it is not there",
                    hint: "install the package that brings it, or correct pkey in the template")
            }
            bytes = found
        case .url(let url):
            name = Printable.escaped(url)
            if isOffline {
                if Files.exists(target) { return target }
                throw PackageError(
                    .offline, "cannot fetch the key \(name): the build is offline",
                    hint: "build once without --offline")
            }
            bytes = try await download(url, named: name, number, in: root, environment: environment)
        }
        let keys = try binary(bytes, named: name)
        if try Files.readPlain(target, limit: limit) != keys { try Files.replace(target, with: keys) }
        return target
    }

    private static func download(
        _ url: String, named name: String, _ number: Int, in root: FilePath, environment: [String: String]
    ) async throws -> [UInt8] {
        let schemes = ["https://", "http://", "file:/"]
        guard schemes.contains(where: { url.hasPrefix($0) }), url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw PackageError(.unresolved, "cannot fetch the key \(name): its address is not https, http or file")
        }
        let file = root.appending("keys").appending("\(number).download")
        defer { _ = try? Files.remove(file) }
        try Files.remove(file)
        let result = try await AptHelper.download(
            [AptHelper.Order(url: url, file: file, sha256: nil)], in: root, environment: environment)
        guard result.isSuccess, let bytes = try Files.readPlain(file, limit: limit) else {
            throw PackageError(
                .network, "cannot fetch the key \(name): \(AptFailure.reason(in: result))",
                hint: "look at the address of pkey in the template")
        }
        return bytes
    }

    /// The keys without armour.
    static func binary(_ bytes: [UInt8], named name: String) throws(PackageError) -> [UInt8] {
        let isKeybox = bytes.count > 12 && bytes[8..<12].elementsEqual("KBXf".utf8)
        if isKeybox || bytes.first.map({ $0 & 0x80 != 0 }) ?? false { return bytes }
        guard let keys = unarmoured(bytes), keys.first.map({ $0 & 0x80 != 0 }) ?? false else {
            throw PackageError(
                .untrusted, "cannot use the key \(name): it is not a public OpenPGP key",
                hint: "pkey wants the public key itself, with or without armour")
        }
        return keys
    }

    /// The bytes of all blocks of an armoured text one after the other; nil where there is none, or a damaged one.
    ///
    /// https://www.rfc-editor.org/rfc/rfc9580#name-forming-ascii-armor
    private static func unarmoured(_ text: [UInt8]) -> [UInt8]? {
        var keys: [UInt8] = []
        var digits: [UInt8]?
        var isInHeaders = false
        for line in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            if line.elementsEqual("-----BEGIN PGP PUBLIC KEY BLOCK-----".utf8) {
                (digits, isInHeaders) = ([], true)
            } else if line.starts(with: "-----END ".utf8) {
                guard let block = digits.flatMap(decoded) else { return nil }
                keys += block
                digits = nil
            } else if isInHeaders {
                // A line without a colon belongs to the key already: some leave the empty line out.
                if line.allSatisfy({ $0 == 0x20 }) {
                    isInHeaders = false
                } else if !line.contains(UInt8(ascii: ":")) {
                    isInHeaders = false
                    digits? += line
                }
            } else if line.first != UInt8(ascii: "=") {
                digits? += line
            }
        }
        return digits == nil && !keys.isEmpty ? keys : nil
    }

    /// The bytes that base64 digits stand for; nil for other text.
    private static func decoded(_ digits: [UInt8]) -> [UInt8]? {
        var bytes: [UInt8] = []
        var (bits, count): (UInt32, Int) = (0, 0)
        for digit in digits where digit != UInt8(ascii: "=") && digit != 0x20 {
            let value: UInt8
            switch digit {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = digit - 65
            case UInt8(ascii: "a")...UInt8(ascii: "z"): value = digit - 71
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit + 4
            case UInt8(ascii: "+"): value = 62
            case UInt8(ascii: "/"): value = 63
            default: return nil
            }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return bytes
    }
}
