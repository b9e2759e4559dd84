import SystemCalls

/// One request; its body is streamed.
public struct Request: Sendable {
    /// The method, in capitals.
    public var method: String
    /// What is asked for; its user and password are not sent.
    public var url: RequestURL
    /// The header fields, without Host and Content-Length.
    public var headers: HeaderFields
    /// The body; nil for none.
    public var body: RequestBody?
    /// The most bytes of an answer that are kept in memory; a longer one is an error.
    public var answerLimit: Int
    /// Whether redirects are followed; where not, they are answers like others.
    public var followsRedirects = true

    /// Makes a request.
    public init(
        _ method: String, _ url: RequestURL, headers: HeaderFields = HeaderFields(), body: RequestBody? = nil,
        answerLimit: Int = InputLimit.answer
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.answerLimit = answerLimit
    }
}

/// The body of a request: opened anew for each attempt, read piece by piece on the transfer's own thread.
public struct RequestBody: Sendable {
    /// Fills the buffer, at least one byte of it; 0 at the end.
    public typealias Reader = (UnsafeMutableRawBufferPointer) throws -> Int

    /// The number of bytes; nil sends the body in chunks.
    public let length: Int64?
    /// Starts reading from the beginning.
    public let open: @Sendable () throws -> Reader

    /// Makes a body of a function that starts reading it.
    public init(length: Int64?, open: @escaping @Sendable () throws -> Reader) {
        self.length = length
        self.open = open
    }

    /// A body of bytes at hand.
    public static func bytes(_ bytes: [UInt8]) -> RequestBody {
        RequestBody(length: Int64(bytes.count)) {
            var rest = bytes[...]
            return { buffer in
                let count = min(buffer.count, rest.count)
                buffer.copyBytes(from: rest.prefix(count))
                rest = rest.dropFirst(count)
                return count
            }
        }
    }
}
