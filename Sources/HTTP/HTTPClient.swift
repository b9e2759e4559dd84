import CCurl
import Programs
import Synchronization
import SystemCalls

/// Sends requests through libcurl, each on a thread of its own; connections are used again.
public final class HTTPClient: Sendable {
    private let pool = HandlePool()
    private let options: @Sendable (RequestURL) -> TransportOptions

    /// The most redirects that are followed.
    public static let redirectLimit = 2

    /// Makes a client; `options` says how to connect to a URL.
    public init(options: @escaping @Sendable (RequestURL) -> TransportOptions = { _ in TransportOptions() }) {
        self.options = options
    }

    /// Fails where the machine lacks libcurl.
    public static func checkLibrary() throws(MissingLibrary) {
        if let problem = ccurl_load() { throw MissingLibrary(.curl, reason: String(cString: problem)) }
    }

    /// Sends a request and waits for the answer, following at most two redirects with the same method and body.
    ///
    /// A redirect to another host carries only the fields that describe the request; one from https to http is refused.
    /// - Throws: `HTTPError`, an error of the receiver or of the body's reader, or `CancellationError`.
    public func send(_ request: Request, to receiver: ResponseReceiver? = nil) async throws -> Response {
        var request = request
        for _ in 0...Self.redirectLimit {
            let response = try await sendOnce(request, to: receiver)
            guard request.followsRedirects, [301, 302, 303, 307, 308].contains(response.status) else {
                return response
            }
            request = try redirected(request, by: response)
        }
        throw HTTPError(.redirect, "\(request.method) \(request.url)", "more than \(Self.redirectLimit) redirects")
    }

    private func redirected(_ request: Request, by response: Response) throws(HTTPError) -> Request {
        let action = "\(request.method) \(request.url)"
        guard let location = response.headers["Location"], !location.isEmpty else {
            throw HTTPError(.redirect, action, "the answer \(response.status) names no location")
        }
        let target = try request.url.resolving(location)
        if request.url.scheme == .https && target.scheme == .http {
            throw HTTPError(.redirect, action, "it redirects from https to http (\(target))")
        }
        var next = request
        next.url = target
        if target.origin != request.url.origin { next.headers = request.headers.forAnotherHost }
        return next
    }

    private func sendOnce(_ request: Request, to receiver: ResponseReceiver?) async throws -> Response {
        try Task.checkCancellation()
        Unfinished.begin()
        defer { Unfinished.end() }
        let flag = Flag()
        let options = self.options(request.url)
        return try await withTaskCancellationHandler {
            try await onOwnThread { [pool] in
                let handle = try pool.take(for: request.url.origin)
                let transfer = Transfer(request, options, on: handle, to: receiver) { flag.isSet }
                let response = try transfer.perform()
                // A handle that failed may keep buffers that forbid setting its options again.
                if !transfer.wasCut { pool.giveBack(handle) }
                return response
            }
        } onCancel: {
            flag.set()
        }
    }
}

/// A flag that is set once, seen by all threads.
private final class Flag: Sendable {
    private let value = Atomic(false)
    var isSet: Bool { value.load(ordering: .relaxed) }
    func set() { value.store(true, ordering: .relaxed) }
}
