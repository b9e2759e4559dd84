import HTTP
import Hashing
import JSON
import SystemCalls
import SystemPackage

/// Sends one object with a PUT, and has the server verify it where it asks for that (transfer `basic`).
struct BasicUpload: Sendable {
    let api: APIClient
    let store: ObjectStore
    let progress: ProgressCounter
    /// How often `verify` is tried (`lfs.transfer.maxverifies`).
    var verifyLimit = 3

    /// Uploads until the server has the object.
    func run(_ first: BatchAnswer, renew: (TransferObject) async throws -> BatchAnswer) async throws {
        let object = first.object
        let file = try store.require(object, "push")
        var answer = first
        var needsRenewal = false
        try await api.retry.run { _ in
            if needsRenewal {
                answer = try await renew(object)
                needsRenewal = false
            }
            do {
                try await put(answer, file)
            } catch let expired as BasicDownload.ActionExpired {
                needsRenewal = true
                throw RetryPolicy.again(expired.cause, limit: 3)
            }
        }
        if let verify = answer.verify { try await self.verify(object, verify, answer.isAuthenticated) }
    }

    private func put(_ answer: BatchAnswer, _ file: FilePath) async throws {
        // No action: the server has the object by now.
        guard let action = answer.upload else {
            if let error = answer.error { throw error }
            return
        }
        let object = answer.object
        if !action.expiry.isUsable(at: api.retry.now()) {
            throw BasicDownload.ActionExpired(
                cause: LFSError(.network, "push", object.name, "the server sent only expired addresses"))
        }
        var request = Request("PUT", action.url, headers: action.headers)
        if request.headers["Content-Type"] == nil {
            try request.headers.append("Content-Type", "application/octet-stream")
        }
        request.body = body(object, file, isChunked: action.isChunked)
        let response = try await send(request, isAuthenticated: answer.isAuthenticated)
        if response.isSuccess { return }
        let error = ServerFailure.error(response, "push", object.name, now: api.retry.now())
        if response.status == 401 || response.status == 403, let known = error as? LFSError, known.kind != .quota {
            throw BasicDownload.ActionExpired(cause: known)
        }
        throw error
    }

    private func send(_ request: Request, isAuthenticated: Bool) async throws -> Response {
        let isOwn = request.url.origin == (try await api.origin())
        return isOwn && !isAuthenticated ? try await api.sendWithLogin(request) : try await api.send(request)
    }

    /// The file as a body; a file whose digest turns out wrong ends the transfer before its last bytes are sent.
    private func body(_ object: TransferObject, _ file: FilePath, isChunked: Bool) -> RequestBody {
        let progress = progress
        return RequestBody(length: isChunked ? nil : object.pointer.size.bytes) {
            let source = try OpenFile(file)
            let hash = IncrementalHash(.sha256)
            var sent: Int64 = 0
            return { buffer in
                let count = try source.read(buffer)
                sent += Int64(count)
                hash.update(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count]))
                if sent == object.pointer.size.bytes && count > 0 || count == 0 && sent < object.pointer.size.bytes {
                    if SHA256Digest(finishing: hash) != object.oid {
                        throw LFSError(
                            .corrupt, "push", object.name, "\(file.string) holds other bytes",
                            hint: "cache-image lfs fsck moves damaged objects away")
                    }
                }
                progress.set(object.oid, bytes: Size(sent))
                return count
            }
        }
    }

    private func verify(_ object: TransferObject, _ action: BatchAnswer.Action, _ isAuthenticated: Bool) async throws {
        var request = Request("POST", action.url, headers: action.headers)
        try request.headers.set("Accept", APIClient.mediaType)
        try request.headers.set("Content-Type", APIClient.mediaType)
        let document: JSONValue = ["oid": .string(object.oid.hexadecimal), "size": .integer(object.pointer.size.bytes)]
        request.body = .bytes(Array(document.text.utf8))
        try await api.retry.run { [request] _ in
            let response = try await send(request, isAuthenticated: isAuthenticated)
            if response.isSuccess { return }
            let error = ServerFailure.error(response, "verify the upload of", object.name, now: api.retry.now())
            let cause = (error as? RetryPolicy.Again)?.cause ?? error
            throw RetryPolicy.again(cause, after: (error as? RetryPolicy.Again)?.after, limit: verifyLimit)
        }
    }
}

/// A file open for reading, closed with its last user.
private final class OpenFile {
    private let descriptor: FileDescriptor
    private let name: String

    init(_ path: FilePath) throws {
        descriptor = try Files.openRegular(path)
        name = path.string
    }

    deinit {
        try? descriptor.close()
    }

    func read(_ buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        do {
            return try descriptor.read(into: buffer)
        } catch let error as Errno {
            throw SystemError("read", name, error)
        }
    }
}
