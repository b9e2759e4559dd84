import HTTP
import JSON
import SystemCalls

/// What the server says about locked files before a push (`POST locks/verify`).
///
/// https://github.com/git-lfs/git-lfs/blob/main/docs/api/locking.md
package struct LocksClient: Sendable {
    /// A locked file.
    package struct Lock: Hashable, Sendable {
        let path: RelativePath
        let owner: String
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
    func verify(tries: Int) async throws -> Answer {
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

    private static func locks(_ value: JSONValue?) -> [Lock] {
        (value?.array ?? []).compactMap { lock in
            guard let path = lock["path"]?.string else { return nil }
            return Lock(path: RelativePath(path), owner: ServerFailure.plain(lock["owner"]?["name"]?.string ?? ""))
        }
    }
}
