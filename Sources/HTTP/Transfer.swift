import CCurl
import SystemCalls
import SystemPackage

/// One request and its answer on one handle; everything here happens on the transfer's own thread.
final class Transfer {
    let handle: CurlHandle
    let request: Request
    let options: TransportOptions
    let receiver: ResponseReceiver?
    let isCancelled: @Sendable () -> Bool

    /// The answer's fields so far.
    var headers = HeaderFields()
    var status = 0
    var headIsComplete = false
    var response: Response?
    var body: [UInt8] = []
    var reader: RequestBody.Reader?
    /// The error of a callback: libcurl only hears that it failed.
    var failure: (any Error)?
    var wasCancelled = false
    /// Whether the text of a refusal was longer than what is read of one: the answer is then complete all the same.
    var wasCut = false
    /// Bytes of heads so far.
    var headBytes = 0
    /// When the first byte of the answer came.
    var firstByte: ContinuousClock.Instant?
    /// libcurl's own words for an error.
    var errorBuffer = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    private var headerList: UnsafeMutablePointer<curl_slist>?

    init(
        _ request: Request, _ options: TransportOptions, on handle: CurlHandle, to receiver: ResponseReceiver?,
        isCancelled: @escaping @Sendable () -> Bool
    ) {
        self.handle = handle
        self.request = request
        self.options = options
        self.receiver = receiver
        self.isCancelled = isCancelled
        errorBuffer.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        if headerList != nil { ccurl_slist_free_all(headerList) }
        errorBuffer.deallocate()
    }

    /// Sends the request and reads the answer; redirects are not followed.
    func perform() throws -> Response {
        ccurl_easy_reset(handle.easy)
        // The handle must not keep pointers into this object.
        defer { ccurl_easy_reset(handle.easy) }
        try configure()
        try installCallbacks()
        let code = ccurl_easy_perform(handle.easy)
        if wasCancelled { throw CancellationError() }
        if let failure { throw failure }
        if code != 0, !wasCut { throw error(for: code) }
        if !headIsComplete { throw HTTPError(.protocolViolation, action, "the answer has no status line") }
        try completeHead()
        guard var response else { throw HTTPError(.protocolViolation, action, "the answer has no status line") }
        response.body = body
        return response
    }

    /// `GET https://host/path`, for messages.
    var action: String { "\(request.method) \(request.url)" }

    private func configure() throws {
        try handle.check(CURLOPT_ERRORBUFFER, ccurl_set_error_buffer(handle.easy, errorBuffer))
        try handle.set(CURLOPT_URL, request.url.wireForm)
        try handle.set(CURLOPT_NOSIGNAL, true)
        try handle.set(CURLOPT_FOLLOWLOCATION, false)
        try handle.set(CURLOPT_PROTOCOLS_STR, "http,https")
        try handle.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, true)
        try handle.set(CURLOPT_BUFFERSIZE, 256 << 10)
        try handle.set(CURLOPT_UPLOAD_BUFFERSIZE, 256 << 10)
        try handle.set(CURLOPT_CONNECTTIMEOUT, options.connectTimeout)
        if options.activityTimeout > 0 {
            try handle.set(CURLOPT_LOW_SPEED_LIMIT, InputLimit.slowestTransfer)
            try handle.set(CURLOPT_LOW_SPEED_TIME, options.activityTimeout)
        }
        switch options.version {
        case .automatic: break
        case .http1: try handle.set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
        case .http2: try handle.set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS)
        }
        try handle.set(CURLOPT_PROXY, options.proxy)
        try handle.check(CURLOPT_PROXYAUTH, ccurl_set_proxy_authentication(handle.easy))
        try handle.set(CURLOPT_SSL_VERIFYPEER, options.verifiesCertificates)
        try handle.set(CURLOPT_SSL_VERIFYHOST, options.verifiesCertificates ? 2 : 0)
        let authorities =
            options.certificateAuthorityFile
            ?? (options.certificateAuthorityFolder == nil ? CertificateAuthorities.ofThisMachine : nil)
        try handle.set(CURLOPT_CAINFO, authorities?.string)
        try handle.set(CURLOPT_CAPATH, options.certificateAuthorityFolder?.string)
        try handle.set(CURLOPT_SSLCERT, options.clientCertificate?.string)
        try handle.set(CURLOPT_SSLKEY, options.clientKey?.string)
        try handle.set(CURLOPT_KEYPASSWD, options.clientKeyPassword)
        try handle.set(CURLOPT_COOKIEFILE, options.cookieFile?.string)
        try handle.set(CURLOPT_USERAGENT, options.userAgent)
        // Nothing is to be compressed on its way; what is all the same gets decoded.
        try handle.set(CURLOPT_ACCEPT_ENCODING, "identity")
        try configureMethod()
        try configureHeaders()
    }

    private func configureMethod() throws {
        if let body = request.body {
            try handle.set(CURLOPT_UPLOAD, true)
            if let length = body.length { try handle.set(CURLOPT_INFILESIZE_LARGE, offset: length) }
            reader = try body.open()
        } else if request.method == "HEAD" {
            try handle.set(CURLOPT_NOBODY, true)
        } else {
            try handle.set(CURLOPT_HTTPGET, true)
        }
        try handle.set(CURLOPT_CUSTOMREQUEST, request.method)
    }

    private func configureHeaders() throws {
        var fields = request.headers
        // A field of the request stands in for one of the same name that every request carries: two `Authorization`
        // fields are refused by many servers (RFC 9110, 5.3).
        for field in options.headers.fields where request.headers[field.name] == nil {
            try fields.append(field.name, field.value)
        }
        var lines = fields.fields.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
        // libcurl waits a second for a server that does not know `Expect`.
        if fields["Expect"] == nil { lines.append("Expect:") }
        for line in lines {
            guard let longer = ccurl_slist_append(headerList, line) else {
                throw HTTPError(.unavailable, action, "no memory for its headers")
            }
            headerList = longer
        }
        try handle.set(CURLOPT_HTTPHEADER, list: headerList)
    }
}
