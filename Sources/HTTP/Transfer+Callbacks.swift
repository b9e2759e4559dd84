import CCurl

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
                easy, { context, _, _, _, _ in Transfer.from(context)?.stopsForCancellation() == true ? 1 : 0 }, context
            ))
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> Transfer? {
        context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
    }

    private func stopsForCancellation() -> Bool {
        if !wasCancelled && isCancelled() { wasCancelled = true }
        return wasCancelled
    }

    /// Takes one line of the answer's head; an interim answer (1xx) and the trailers of a chunked one do not count.
    private func takeHeader(_ line: UnsafeRawBufferPointer) -> Int {
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
            if stopsForCancellation() { return 0 }
            if let receiver, response?.isSuccess == true {
                try receiver.receive(bytes)
            } else {
                try keep(bytes)
            }
            return bytes.count
        } catch {
            failure = error
            return 0
        }
    }

    /// Keeps bytes of an answer that no receiver takes; the text of a refusal is cut where it is too long.
    private func keep(_ bytes: UnsafeRawBufferPointer) throws {
        if response?.isSuccess == true {
            if body.count + bytes.count > request.answerLimit {
                throw HTTPError(.tooLarge, action, "the answer is longer than \(request.answerLimit) bytes")
            }
            body.append(contentsOf: bytes)
        } else {
            body.append(contentsOf: bytes.prefix(max(0, (64 << 10) - body.count)))
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
