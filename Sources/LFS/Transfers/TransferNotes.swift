import Git
import Hashing
import SystemCalls
import SystemPackage

/// Which objects servers are known to have: those that this clone brought there, got from there, or asked for
/// (`cache-image/transfers` in the common Git folder).
///
/// A line is `SERVER OID`. SERVER stands for the address, so that a remote that moves is known for nothing. Losing notes
/// costs a question to the server, never an object.
package struct TransferNotes: Sendable {
    /// Bytes of the file, after which a new one is begun; the one before it is still read.
    private static let limit = 1 << 20

    private let path: FilePath
    private let permission: SharedPermission

    /// The notes of a repository; nothing is read yet.
    init(_ repository: Repository) {
        path = repository.commonDirectory.appending("cache-image").appending("transfers")
        permission = repository.sharedPermission
    }

    private var earlier: FilePath { path.withSuffix(".1") }

    /// What stands for the server of an endpoint: its address has no login in it, and may still be nobody's business.
    private static func name(of endpoint: Endpoint) -> String {
        let address = endpoint.folder?.string ?? "\(endpoint.ssh.map { "\($0)" } ?? "") \(endpoint.accessURL)"
        return String(SHA256Digest(of: address.utf8).hexadecimal.prefix(16))
    }

    /// Remembers objects that a server has; where nothing can be written, nothing happens.
    func add(_ objects: [SHA256Digest], of endpoint: Endpoint) {
        let known = objects.isEmpty ? [] : self.objects(of: endpoint)
        let fresh = objects.filter { !known.contains($0) }
        if fresh.isEmpty { return }
        let name = Self.name(of: endpoint)
        let lines = fresh.map { "\(name) \($0.hexadecimal)\n" }.joined()
        do {
            try permission.createDirectories(path.removingLastComponent())
            try permission.creating {
                try AppendOnlyFile.append(Array(lines.utf8), to: path, limit: Self.limit, aside: earlier)
            }
        } catch {
            // The server is asked another time.
        }
    }

    /// The objects that the server of an endpoint is known to have.
    package func objects(of endpoint: Endpoint) -> Set<SHA256Digest> {
        let name = Self.name(of: endpoint)
        var found: Set<SHA256Digest> = []
        for file in [earlier, path] {
            // A long transfer is noted at once, whatever the bound.
            let bytes = (try? Files.readPlain(file, limit: 64 << 20)) ?? nil
            for line in (bytes ?? []).split(separator: UInt8(ascii: "\n")) {
                let words = line.split(separator: UInt8(ascii: " "))
                guard words.count == 2, words[0].elementsEqual(name.utf8) else { continue }
                if let oid = SHA256Digest(hexadecimal: String(decoding: words[1], as: UTF8.self)) { found.insert(oid) }
            }
        }
        return found
    }
}

extension TransferOutcome {
    /// Whether the transfer showed that the server has the object.
    var isOnServer: Bool {
        switch result {
        case .transferred, .alreadyThere: true
        case .planned, .failed: false
        }
    }
}
