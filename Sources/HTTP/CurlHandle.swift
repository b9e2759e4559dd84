import CCurl
import SystemCalls

/// One easy handle of libcurl, with the connections that it keeps open.
///
/// Used by one thread at a time; the pool hands it on.
final class CurlHandle: @unchecked Sendable {
    let easy: UnsafeMutableRawPointer
    /// Where the handle connected last: the pool prefers it for the same origin.
    var origin = ""

    /// Loads libcurl where it is not loaded, and makes a handle.
    init() throws(HTTPError) {
        if let problem = ccurl_load() {
            throw HTTPError(MissingLibrary(.curl, reason: String(cString: problem)))
        }
        guard let easy = ccurl_easy_init() else {
            throw HTTPError(.unavailable, "use HTTP", "libcurl gives no handle")
        }
        self.easy = easy
    }

    deinit {
        ccurl_easy_cleanup(easy)
    }

    func set(_ option: CURLoption, _ value: Int) throws(HTTPError) {
        try check(option, ccurl_set_long(easy, option, value))
    }

    func set(_ option: CURLoption, _ value: Bool) throws(HTTPError) {
        try set(option, value ? 1 : 0)
    }

    func set(_ option: CURLoption, offset value: Int64) throws(HTTPError) {
        try check(option, ccurl_set_offset(easy, option, value))
    }

    func set(_ option: CURLoption, _ value: String?) throws(HTTPError) {
        if let value { try check(option, ccurl_set_string(easy, option, value)) }
    }

    func set(_ option: CURLoption, list: UnsafeMutablePointer<curl_slist>?) throws(HTTPError) {
        try check(option, ccurl_set_list(easy, option, list))
    }

    /// Turns a result of an option into an error.
    func check(_ option: CURLoption, _ code: Int32) throws(HTTPError) {
        if code == 0 { return }
        let text = ccurl_easy_strerror(code).map { String(cString: $0) } ?? "code \(code)"
        throw HTTPError(.unavailable, "set libcurl's option \(option.rawValue)", text)
    }
}
