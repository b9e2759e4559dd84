import CCurl
import SystemCalls

extension Transfer {
    /// Gives libcurl the functions that it calls; the context is this object, which outlives the transfer.
    func installCallbacks() throws {
        let context = Unmanaged.passUnretained(self).toOpaque()
        let easy = handle.easy
        try handle.check(
            CURLOPT_HEADERFUNCTION,
            ccurl_set_header(
                easy,
                { buffer, size, count, context in
                    Transfer.from(context)?.takeHeader(UnsafeRawBufferPointer(start: buffer, count: size * count)) ?? 0
                }, context))
        try handle.check(
            CURLOPT_WRITEFUNCTION,
            ccurl_set_write(
                easy,
                { buffer, size, count, context in
                    Transfer.from(context)?.takeBody(UnsafeRawBufferPointer(start: buffer, count: size * count)) ?? 0
                }, context))
        try handle.check(
            CURLOPT_READFUNCTION,
            ccurl_set_read(
                easy,
                { buffer, size, count, context in
                    Transfer.from(context)?.giveBody(UnsafeMutableRawBufferPointer(start: buffer, count: size * count))
                        ?? Int(CURL_READFUNC_ABORT)
                }, context))
        try handle.check(
            CURLOPT_SEEKFUNCTION,
            ccurl_set_seek(
                easy,
                { context, offset, _ in
                    offset == 0 && Transfer.from(context)?.rewind() == true
                        ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL
                }, context))
        try handle.check(
            CURLOPT_XFERINFOFUNCTION,
            ccurl_set_progress(
                easy, { context, _, _, _, _ in Transfer.from(context)?.stops() == true ? 1 : 0 }, context))
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> Transfer? {
        context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
    }

    private func stopsForCancellation() -> Bool {
        if !wasCancelled && isCancelled() { wasCancelled = true }
        return wasCancelled
    }

    /// Whether the transfer is given up: it was cancelled, or an answer that is kept in memory takes too long.
    private func stops() -> Bool {
        if stopsForCancellation() { return true }
        do {
            try checkTime()
            return false
        } catch {
            failure = error
            return true
        }
    }

    /// The bytes of an object may take their time; heads, answers of an API and refusals may not.
    private func checkTime() throws {
        if receiver != nil, response?.isSuccess == true { return }
        guard let firstByte, firstByte.duration(to: .now) > options.answerTime else { return }
        throw HTTPError(
            .tooSlow, action, "its answer takes longer than \(options.answerTime.components.seconds) seconds")
    }

    /// Takes one line of the answer's head; an interim answer (1xx) and the trailers of a chunked one do not count.
    private func takeHeader(_ line: UnsafeRawBufferPointer) -> Int {
        if firstByte == nil { firstByte = .now }
        headBytes += line.count
        if headBytes > InputLimit.answerHead {
            failure = HTTPError(.tooLarge, action, "the answer's head is longer than \(InputLimit.answerHead) bytes")
            return -1
        }
        if stops() { return -1 }
        let text = String(decoding: line, as: UTF8.self)
        let trimmed = text.prefix { $0 != "\r" && $0 != "\n" && $0 != "\r\n" }
        if trimmed.hasPrefix("HTTP/") {
            headers = HeaderFields()
            status = trimmed.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
            headIsComplete = false
        } else if trimmed.isEmpty {
            if status >= 200 { headIsComplete = true }
        } else if !headIsComplete, let colon = trimmed.firstIndex(of: ":") {
            headers.appendUnchecked(String(trimmed[..<colon]), String(trimmed[trimmed.index(after: colon)...]))
        }
        return line.count
    }

    /// Makes the response once the head is complete, and shows a successful one to the receiver.
    func completeHead() throws {
        if response != nil { return }
        let head = Response(status: status, headers: headers, url: request.url)
        response = head
        if head.isSuccess { try receiver?.begin(head) }
    }

    private func takeBody(_ bytes: UnsafeRawBufferPointer) -> Int {
        do {
            try completeHead()
            if stops() { return -1 }
            if let receiver, response?.isSuccess == true {
                try receiver.receive(bytes)
            } else {
                try keep(bytes)
            }
            return wasCut ? -1 : bytes.count
        } catch {
            failure = error
            return -1
        }
    }

    /// Keeps bytes of an answer that no receiver takes; of a refusal that is too long the beginning is enough.
    private func keep(_ bytes: UnsafeRawBufferPointer) throws {
        if response?.isSuccess == true {
            if body.count + bytes.count > request.answerLimit {
                throw HTTPError(.tooLarge, action, "the answer is longer than \(request.answerLimit) bytes")
            }
            body.append(contentsOf: bytes)
        } else {
            body.append(contentsOf: bytes.prefix(max(0, InputLimit.refusal - body.count)))
            wasCut = body.count >= InputLimit.refusal
        }
    }

    private func giveBody(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        do {
            if stopsForCancellation() { return Int(CURL_READFUNC_ABORT) }
            return try reader?(buffer) ?? 0
        } catch {
            failure = error
            return Int(CURL_READFUNC_ABORT)
        }
    }

    private func rewind() -> Bool {
        do {
            reader = try request.body?.open()
            return true
        } catch {
            failure = error
            return false
        }
    }
}
