/// An answer: status, header fields and, unless a receiver took it, the body.
public struct Response: Sendable {
    /// The status code.
    public let status: Int
    /// The header fields.
    public let headers: HeaderFields
    /// The URL that answered, after redirects.
    public let url: RequestURL
    /// The body; empty where a receiver took it.
    public var body: [UInt8] = []

    /// Makes an answer.
    public init(status: Int, headers: HeaderFields, url: RequestURL, body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.url = url
        self.body = body
    }

    /// Whether the status is 200 to 299.
    public var isSuccess: Bool { (200..<300).contains(status) }
}

/// What takes the body of a successful answer, piece by piece, on the transfer's own thread.
///
/// A slow receiver slows the sender down: nothing is buffered. The body of any other answer is kept in the response.
public struct ResponseReceiver: Sendable {
    /// Hears of a successful answer before its first byte; an error ends the transfer.
    public let begin: @Sendable (Response) throws -> Void
    /// Takes bytes that are valid during the call; an error ends the transfer.
    public let receive: @Sendable (UnsafeRawBufferPointer) throws -> Void

    /// Makes a receiver of two functions.
    public init(
        begin: @escaping @Sendable (Response) throws -> Void = { _ in },
        receive: @escaping @Sendable (UnsafeRawBufferPointer) throws -> Void
    ) {
        self.begin = begin
        self.receive = receive
    }
}
