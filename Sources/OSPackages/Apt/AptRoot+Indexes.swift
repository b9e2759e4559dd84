import Hashing
import OSTemplate
import Programs
import SystemCalls
import SystemPackage

extension AptRoot {
    /// Bytes that an `InRelease` may have.
    private static var limit: Int { 64 << 20 }

    /// The signed indexes that are here, sorted by address, with those who signed them.
    ///
    /// - Throws: Where a repository has none, or none of its keys signed it.
    func signedIndexes(isOffline: Bool) async throws -> [Resolution.SignedIndex] {
        var found: [String: Resolution.SignedIndex] = [:]
        for (repository, keyring) in zip(request.repositories, keyrings) {
            let index = try await signedIndex(of: repository, keyring, isOffline: isOffline)
            found[index.url] = index
        }
        return found.values.sorted { $0.url < $1.url }
    }

    private func signedIndex(
        of repository: PackageRepository, _ keyring: FilePath?, isOffline: Bool
    ) async throws -> Resolution.SignedIndex {
        let isFlat = repository.codename.hasSuffix("/")
        let start =
            (repository.url.hasSuffix("/") ? repository.url : repository.url + "/")
            + (isFlat ? repository.codename : "dists/\(repository.codename)/")
        for name in ["InRelease", "Release"] {
            let file = folder.appending("lists").appending(Self.listName(of: start + name))
            guard let bytes = try Files.readPlain(file, limit: Self.limit) else { continue }
            var signers: [String] = []
            if let keyring {
                let signature = name == "Release" ? [file.string + ".gpg"] : []
                signers = try await self.signers(of: signature + [file.string], keyring)
                if signers.isEmpty {
                    throw PackageError(
                        .untrusted, "cannot trust \(Printable.escaped(start + name)): no key of pkey signed it",
                        hint: "look at pkey of the repository in the template")
                }
            }
            try checkLists(of: start, release: bytes)
            return Resolution.SignedIndex(url: start + name, sha256: SHA256Digest(of: bytes), signers: signers)
        }
        throw PackageError(
            isOffline ? .offline : .network,
            "cannot resolve packages of \(Printable.escaped(start)): its index is not here",
            hint: isOffline ? "build once without --offline" : "look at url and codename in the template")
    }

    /// Removes all indexes, so that an update fetches them anew.
    func forgetIndexes() throws {
        try Files.removeTree(folder.appending("lists"))
        try Files.createDirectories(folder.pushing("lists/partial"))
    }

    /// Compares the Packages indexes that are here with the digests of their Release file.
    ///
    /// apt does so when it fetches them, and never again.
    private func checkLists(of start: String, release: [UInt8]) throws {
        var isDigests = false
        for line in release.split(separator: UInt8(ascii: "\n")) {
            if line.first != 0x20 {
                isDigests = line.elementsEqual("SHA256:".utf8)
                continue
            }
            guard isDigests else { continue }
            let words = line.split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) }
            guard words.count == 3, words[2] == "Packages" || words[2].hasSuffix("/Packages") else { continue }
            let list = folder.appending("lists").appending(Self.listName(of: start + words[2]))
            guard Files.exists(list) else { continue }
            if try SHA256Digest.ofFile(list).digest.hexadecimal != words[0] {
                throw PackageError(
                    .untrusted, "cannot use \(Printable.escaped(list.string)): it is not what its Release file says",
                    hint: "build once without --offline: it is fetched again")
            }
        }
    }

    /// The fingerprints of the primary keys whose signatures are good, each once, sorted.
    private func signers(of files: [String], _ keyring: FilePath) async throws -> [String] {
        let result = try await run(
            "gpgv",
            ["--status-fd", "1", "--homedir", folder.appending("home").string, "--keyring", keyring.string]
                + files)
        let prints = result.text.split(separator: "\n").compactMap { line -> String? in
            let words = line.split(separator: " ")
            guard words.count >= 3, words[0] == "[GNUPG:]", words[1] == "VALIDSIG", let last = words.last else {
                return nil
            }
            // The last word is the primary key; a very old form of signature has none.
            let key = words.count >= 12 ? last : words[2]
            return key.count >= 40 && key.allSatisfy(\.isHexDigit) ? key.uppercased() : nil
        }
        return Set(prints).sorted()
    }

    /// The name that apt gives an index in its lists.
    static func listName(of url: String) -> String {
        var rest = url[...]
        if let start = url.range(ofText: "://") {
            rest = url[start.upperBound...]
            let host = rest.prefix { $0 != "/" }
            if let login = host.lastIndex(of: "@") { rest = rest[rest.index(after: login)...] }
        } else if url.hasPrefix("file:") {
            rest = url.dropFirst(5)
        }
        var name = ""
        for byte in rest.utf8 {
            if byte == UInt8(ascii: "/") {
                name += "_"
            } else if byte <= 0x20 || byte >= 0x7F || "%\\|{}[]<>\"^~_=!@#$&*".utf8.contains(byte) {
                name += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            } else {
                name.unicodeScalars.append(Unicode.Scalar(byte))
            }
        }
        return name
    }
}
