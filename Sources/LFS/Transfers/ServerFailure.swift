import HTTP
import JSON
import SystemCalls

/// Turns a server's refusal into an error, or into one after which the same may be tried again.
enum ServerFailure {
    /// The error for an answer that is no success.
    ///
    /// - Parameters:
    ///   - response: The answer.
    ///   - operation: The verb of the message.
    ///   - object: The object of the message.
    ///   - now: Seconds since 1970, for a `Retry-After` date.
    static func error(_ response: Response, _ operation: String, _ object: String, now: Int64) -> any Error {
        let said = message(response)
        let error = LFSError(
            kind(response.status, said), operation, object, reason(response, said), hint: hint(response.status, said))
        if error.kind == .quota { return error }
        switch response.status {
        case 429:
            let after = response.headers["Retry-After"].flatMap { HTTPDate.retryAfter($0, now: now) }
            return RetryPolicy.again(error, after: after)
        case 501: return error
        case 500...599: return RetryPolicy.again(error)
        default: return error
        }
    }

    /// The error for one object that a batch answer refuses.
    static func error(status: Int, message: String, for object: TransferObject, _ operation: TransferOperation)
        -> LFSError
    {
        let said = plain(message)
        let verb = operation == .download ? "fetch" : "push"
        let reason = said.isEmpty ? "the server answers \(status)" : "the server says: \(said) (\(status))"
        return LFSError(kind(status, said), verb, object.name, reason, hint: hint(status, said))
    }

    /// The class of a refusal.
    static func kind(_ status: Int, _ said: String) -> LFSError.Kind {
        if status == 507 || status == 509 || status == 413 || speaksOfLimit(said) { return .quota }
        switch status {
        case 401, 403, 407: return .authentication
        case 404, 410: return .missing
        case 408, 429, 500, 502...599: return .network
        default: return .failed
        }
    }

    /// Whether a text is about a quota, budget or size limit; servers have no status of their own for these.
    private static func speaksOfLimit(_ said: String) -> Bool {
        let text = said.lowercased()
        let phrases = [
            "over its data quota", "exceeded its lfs budget", "quota exceeded", "exceeds quota", "storage limit",
            "size must be less", "exceeds the limit", "too large", "bandwidth limit", "maximum size", "over quota",
        ]
        return phrases.contains { text.contains($0) }
    }

    private static func reason(_ response: Response, _ said: String) -> String {
        let what =
            switch response.status {
            case 401: "the server wants a login"
            case 403: "the server refuses access"
            case 404: "the server does not know it"
            case 410: "the server no longer has it"
            case 413: "the server accepts no object of this size"
            case 429: "the server gets too many requests"
            case 507: "the server's storage is full"
            case 509: "the bandwidth limit of the server is reached"
            case 500...599: "the server failed"
            default: "the server refuses"
            }
        let text = "\(what) (\(response.status) from \(response.url.withoutSecrets))"
        return said.isEmpty ? text : text + ": \(said)"
    }

    private static func hint(_ status: Int, _ said: String) -> String? {
        switch kind(status, said) {
        case .quota:
            "a smaller image may fit (cache-image info shows its layers); more LFS storage is the repository owner's to get"
        case .authentication where status == 401: "git credential approve stores a login; a token needs access to LFS"
        case .authentication: "the login may lack access to the repository or its LFS objects"
        default: nil
        }
    }

    /// The server's own words in one line.
    static func message(_ response: Response) -> String {
        guard let answer = try? JSONValue(parsing: response.body), let text = answer["message"]?.string else {
            return ""
        }
        return plain(response.url.hidingSecrets(in: text))
    }

    /// A server's text without control characters and without the secrets of URLs, not longer than a line or two.
    static func plain(_ text: String) -> String {
        let cleaned = text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : String($0) }.joined()
        let words = ShownURL.masked(cleaned.split(separator: " ").joined(separator: " "))
        return words.count > 300 ? words.prefix(300) + "…" : words
    }

    /// The error for a URL or header of the server's that cannot be used.
    static func unusable(_ error: HTTPError) -> LFSError {
        let words = error.action.split(separator: " ", maxSplits: 1).map(String.init)
        let kind: LFSError.Kind =
            switch error.kind {
            case .unavailable: .configuration
            case .tooLarge: .quota
            default: .network
            }
        return LFSError(kind, words[0], words.count > 1 ? words[1] : "the server", error.reason, hint: error.hint)
    }

    /// The error for a request that got no answer.
    static func error(_ error: HTTPError) -> any Error {
        let wrapped = unusable(error)
        if !error.isTransient { return wrapped }
        // Nobody there, or next to nothing comes: each try costs its own time, and more of them help little.
        let limit = [.resolve, .connect, .timeout].contains(error.kind) ? 3 : nil
        return RetryPolicy.again(wrapped, limit: limit)
    }
}
