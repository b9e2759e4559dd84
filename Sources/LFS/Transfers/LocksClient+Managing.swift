import HTTP
import JSON
import SystemCalls

/// Taking, listing and giving back locks.
extension LocksClient {
    /// Locks a file for the user who is logged in.
    package func lock(_ path: RelativePath) async throws -> Lock {
        let answer = try await ask("POST", "locks", [.init("path", .string(path.description))], "lock", "\(path)")
        guard let lock = answer["lock"].flatMap({ Lock($0) }) else {
            throw LFSError(.network, "lock", "\(path)", "the server's answer names no lock")
        }
        return lock
    }

    /// Gives a lock back, or breaks that of somebody else; the lock, where the server names it.
    package func unlock(_ id: String, force: Bool) async throws -> Lock? {
        try await ask("POST", "locks/\(Self.encoded(id))/unlock", [.init("force", .bool(force))], "unlock", id)["lock"]
            .flatMap { Lock($0) }
    }

    /// The locks that the server knows.
    ///
    /// - Parameters:
    ///   - path: Only that of this file.
    ///   - id: Only that of this name.
    ///   - limit: How many at most; nil for all.
    package func list(path: RelativePath? = nil, id: String? = nil, limit: Int? = nil) async throws -> [Lock] {
        var found: [Lock] = []
        var cursor = ""
        repeat {
            let values = [
                ("path", path?.description), ("id", id), ("cursor", cursor.isEmpty ? nil : cursor),
                ("limit", limit.map { "\($0)" }), ("refspec", ref),
            ]
            let query = values.compactMap { name, value in value.map { "\(name)=\(Self.encoded($0))" } }
            let place = "locks" + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
            let answer = try await ask("GET", place, nil, "list", "locks")
            let part = Self.locks(answer["locks"])
            found += part
            if found.count > InputLimit.locks {
                throw LFSError(.quota, "list", "locks", "the server lists more than \(InputLimit.locks)")
            }
            cursor = part.isEmpty ? "" : answer["next_cursor"]?.string ?? ""
        } while !cursor.isEmpty && found.count < limit ?? .max
        return Array(found.prefix(limit ?? .max))
    }

    /// One question to the API, with the ref where it takes a body; an error where the answer is none.
    private func ask(
        _ method: String, _ place: String, _ members: [JSONValue.Member]?, _ verb: String, _ object: String
    ) async throws -> JSONValue {
        let name = members.map { $0 + (ref.map { [.init("ref", ["name": .string($0)])] } ?? []) }
        let response = try await api.send(method, place, name.map { .object($0) })
        let said = ServerFailure.message(response)
        // Some servers refuse with a message alone.
        guard (200...299).contains(response.status), said.isEmpty else {
            let reason =
                [404, 501].contains(response.status) && said.isEmpty
                ? "the server has no locks" : said.isEmpty ? "the server answers \(response.status)" : said
            throw LFSError(ServerFailure.kind(response.status, said), verb, object, reason)
        }
        guard let answer = try? JSONValue(parsing: response.body), answer.members != nil else {
            throw LFSError(.network, verb, object, "the server's answer is no JSON object")
        }
        return answer
    }

    /// A value as part of a URL.
    private static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain =
                byte.isLetterOrDigit || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
                || byte == UInt8(ascii: ".")
            return isPlain ? String(UnicodeScalar(byte)) : "%" + [byte].hexadecimal().uppercased()
        }.joined()
    }
}

extension UInt8 {
    fileprivate var isLetterOrDigit: Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20)
    }
}
