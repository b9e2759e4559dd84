import HTTP
import JSON
import SystemCalls

/// What the server says about locked files before a push (`POST locks/verify`).
///
/// https://github.com/git-lfs/git-lfs/blob/main/docs/api/locking.md
package struct LocksClient: Sendable {
    /// A locked file.
    package struct Lock: Hashable, Sendable {
        /// What the server calls the lock.
        package let id: String
        /// The locked file.
        package let path: RelativePath
        /// Who holds it; empty where the server does not say.
        package let owner: String
        /// Since when, as the server writes it.
        package let lockedAt: String

        /// Reads a lock of an answer, or of a note of this clone; nil for anything else.
        package init?(_ value: JSONValue) {
            guard let path = value["path"]?.string else { return nil }
            id = ServerFailure.plain(value["id"]?.string ?? "")
            self.path = RelativePath(path)
            owner = ServerFailure.plain(value["owner"]?["name"]?.string ?? "")
            lockedAt = ServerFailure.plain(value["locked_at"]?.string ?? "")
        }

        /// The lock as the API writes it.
        package var document: JSONValue {
            .object([
                .init("id", .string(id)), .init("path", .string(path.description)),
                .init("owner", ["name": .string(owner)]), .init("locked_at", .string(lockedAt)),
            ])
        }
    }

    /// The server's answer, as far as there is one.
    package enum Answer: Sendable {
        case locks(ours: [Lock], theirs: [Lock])
        /// The server has no lock API.
        case notImplemented
        /// The server refuses the login.
        case refused(String)
        /// There is no usable answer.
        case failed(String)

        /// Whether any file is locked.
        package var namesLocks: Bool {
            if case .locks(let ours, let theirs) = self { !ours.isEmpty || !theirs.isEmpty } else { false }
        }
    }

    let api: APIClient
    let ref: String?

    /// Asks for all locks that concern a branch.
    ///
    /// - Parameter tries: How often a server that fails is asked.
    package func verify(tries: Int) async throws -> Answer {
        var ours: [Lock] = []
        var theirs: [Lock] = []
        var cursor = ""
        let start = ContinuousClock.now
        for _ in 0..<1000 {
            if ours.count + theirs.count > InputLimit.locks {
                return .failed("it lists more than \(InputLimit.locks) locks")
            }
            if start.duration(to: .now) > .seconds(2 * InputLimit.answerSeconds) {
                return .failed("its list of locks takes too long")
            }
            var members: [JSONValue.Member] = []
            if !cursor.isEmpty { members.append(.init("cursor", .string(cursor))) }
            if let ref { members.append(.init("ref", ["name": .string(ref)])) }
            let response = try await api.send("POST", "locks/verify", .object(members), tries: tries)
            switch response.status {
            case 200...299: break
            case 404, 501: return .notImplemented
            case 401, 403: return .refused(ServerFailure.message(response))
            default: return .failed("the server answers \(response.status)")
            }
            guard let answer = try? JSONValue(parsing: response.body), answer.members != nil else {
                return .failed("the answer is no JSON object")
            }
            ours += Self.locks(answer["ours"])
            theirs += Self.locks(answer["theirs"])
            cursor = answer["next_cursor"]?.string ?? ""
            if cursor.isEmpty { break }
        }
        return .locks(ours: ours, theirs: theirs)
    }

    static func locks(_ value: JSONValue?) -> [Lock] {
        (value?.array ?? []).compactMap { Lock($0) }
    }
}
