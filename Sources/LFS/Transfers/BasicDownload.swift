import HTTP
import Programs
import SystemCalls

/// Fetches one object with a GET, going on where an earlier download stopped (transfer `basic`).
///
/// https://github.com/git-lfs/git-lfs/blob/main/docs/api/basic-transfers.md
struct BasicDownload: Sendable {
    let api: APIClient
    let store: ObjectStore
    let progress: ProgressCounter

    /// The action is to be asked for anew: it is too old, or its login no longer works.
    struct ActionExpired: Error {
        let cause: LFSError
    }

    /// Downloads until the object is in the store.
    ///
    /// - Parameters:
    ///   - first: The server's answer to the batch request.
    ///   - renew: Asks the server again.
    func run(_ first: BatchAnswer, renew: (TransferObject) async throws -> BatchAnswer) async throws {
        let object = first.object
        let store = store
        let file = try await onOwnThread { try PartialDownload(store, object.pointer) }
        defer { file.giveBack() }
        var answer = first
        var needsRenewal = false
        var restarts = 0
        try await api.retry.run { _ in
            if needsRenewal {
                answer = try await renew(object)
                needsRenewal = false
            }
            do {
                try await attempt(answer, file)
            } catch let expired as ActionExpired {
                needsRenewal = true
                throw RetryPolicy.again(expired.cause, limit: 3)
            } catch let wrong as WrongBytes where wrong.afterResume && restarts == 0 {
                restarts += 1
                try file.restart()
                throw RetryPolicy.again(wrong.error)
            } catch let wrong as WrongBytes {
                file.discard()
                throw wrong.error
            } catch let error as LFSError where error.kind == .corrupt {
                file.discard()
                throw error
            }
        }
        try await onOwnThread { try file.install() }
    }

    private struct WrongBytes: Error {
        let error: LFSError
        let afterResume: Bool
    }

    private func attempt(_ answer: BatchAnswer, _ file: PartialDownload) async throws {
        let object = answer.object
        guard let action = answer.download else {
            throw answer.error
                ?? LFSError(.missing, "fetch", object.name, "the server \(api.endpoint) does not have it")
        }
        if !action.expiry.isUsable(at: api.retry.now()) {
            throw ActionExpired(
                cause: LFSError(.network, "fetch", object.name, "the server sent only expired addresses"))
        }
        let response = try await get(object, action, answer.isAuthenticated, file)
        guard response.isSuccess else { throw failure(response, object, file) }
        if Size(file.count) < object.pointer.size {
            throw RetryPolicy.again(
                LFSError(
                    .corrupt, "fetch", object.name,
                    "the server sends \(file.count) bytes of \(object.pointer.size)"), limit: 3)
        }
        let wasResumed = file.wasResumed
        let found = file.digest()
        if found != object.oid {
            let error = LFSError(
                .corrupt, "fetch", object.name,
                "the bytes from \(response.url.withoutSecrets) have the SHA-256 \(found.hexadecimal)")
            throw WrongBytes(error: error, afterResume: wasResumed)
        }
    }

    private func get(
        _ object: TransferObject, _ action: BatchAnswer.Action, _ isAuthenticated: Bool, _ file: PartialDownload
    ) async throws -> Response {
        var request = Request("GET", action.url, headers: action.headers)
        let start = file.count
        if start > 0 { try request.headers.set("Range", "bytes=\(start)-\(object.pointer.size - 1)") }
        let progress = progress
        let receiver = ResponseReceiver(
            begin: { response in
                if response.status != 206 {
                    try file.restart()
                } else if let encoding = response.headers["Content-Encoding"], encoding.lowercased() != "identity" {
                    // A part of something compressed cannot be decoded.
                    try file.restart()
                    throw RetryPolicy.again(
                        LFSError(
                            .network, "fetch", object.name, "the server sends a range in the encoding \(encoding)"))
                } else if !Self.range(of: response, startsAt: start) {
                    try file.restart()
                    throw RetryPolicy.again(
                        LFSError(
                            .network, "fetch", object.name, "the server sends another range than the one asked for"))
                }
            },
            receive: { bytes in
                try file.append(bytes)
                progress.set(object.oid, bytes: Size(file.count))
            })
        let isOwn = action.url.origin == (try await api.origin())
        return isOwn && !isAuthenticated
            ? try await api.sendWithLogin(request, to: receiver) : try await api.send(request, to: receiver)
    }

    private static func range(of response: Response, startsAt start: Int64) -> Bool {
        response.headers["Content-Range"]?.hasPrefix("bytes \(start)-") ?? false
    }

    private func failure(_ response: Response, _ object: TransferObject, _ file: PartialDownload) -> any Error {
        let error = ServerFailure.error(response, "fetch", object.name, now: api.retry.now())
        switch response.status {
        case 401, 403:
            guard let known = error as? LFSError, known.kind != .quota else { return error }
            return ActionExpired(cause: known)
        case 416:
            try? file.restart()
            return RetryPolicy.again(error, limit: 3)
        default: return error
        }
    }
}
