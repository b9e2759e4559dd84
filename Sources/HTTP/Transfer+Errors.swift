import CCurl

extension Transfer {
    /// The error for a result of libcurl, in plain words; its own text is added where it says more.
    func error(for code: Int32) -> HTTPError {
        let reach = "reach \(request.url.origin)"
        let own = String(cString: errorBuffer)
        if let error = proxyError(code, own) { return error }
        switch CURLcode(rawValue: UInt32(code)) {
        case CURLE_COULDNT_RESOLVE_HOST:
            return HTTPError(.resolve, reach, "the host name \(request.url.host) is not known")
        case CURLE_COULDNT_RESOLVE_PROXY:
            return HTTPError(.resolve, reach, "the host name of the proxy is not known")
        case CURLE_COULDNT_CONNECT:
            return HTTPError(.connect, reach, connectReason(own))
        case CURLE_OPERATION_TIMEDOUT:
            return own.contains("less than") || own.contains("too slow")
                ? HTTPError(.timeout, action, "almost no data came for \(options.activityTimeout) seconds")
                : HTTPError(.timeout, reach, "no connection within \(options.connectTimeout) seconds")
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_CRL_BADFILE, CURLE_SSL_ISSUER_ERROR,
            CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_INVALIDCERTSTATUS:
            return HTTPError(.tls, reach, plain(own, otherwise: "the secure connection could not be set up"))
        case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_PARTIAL_FILE, CURLE_SEND_FAIL_REWIND,
            CURLE_HTTP2_STREAM, CURLE_HTTP2:
            return HTTPError(.closed, action, closedReason(code, own))
        case CURLE_BAD_CONTENT_ENCODING:
            let encoding = headers["Content-Encoding"].map { " \($0)" } ?? ""
            return HTTPError(.protocolViolation, action, "the encoding\(encoding) of the answer cannot be decoded")
        case CURLE_OUT_OF_MEMORY where !headIsComplete, CURLcode(rawValue: 100) where !headIsComplete:
            // So libcurl calls it, since 8.6 by a code of its own.
            return HTTPError(.tooLarge, action, "a line of the answer's head is too long")
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL:
            return HTTPError(.protocolViolation, action, plain(own, otherwise: "the answer is no HTTP"))
        default:
            let text = ccurl_easy_strerror(code).map { String(cString: $0) } ?? "libcurl's code \(code)"
            return HTTPError(.protocolViolation, action, plain(own, otherwise: text))
        }
    }

    /// The error of a proxy that is not reached, or refuses; nil where the proxy is not to blame.
    private func proxyError(_ code: Int32, _ own: String) -> HTTPError? {
        guard let proxy = Proxy(options, for: request.url) else { return nil }
        let reach = "reach the proxy \(proxy.origin) (\(proxy.setting)) for \(request.url.origin)"
        switch CURLcode(rawValue: UInt32(code)) {
        case CURLE_COULDNT_RESOLVE_PROXY: return HTTPError(.resolve, reach, "its host name is not known")
        case CURLE_COULDNT_CONNECT where proxy.isMeant(by: own): return HTTPError(.connect, reach, connectReason(own))
        case CURLE_OPERATION_TIMEDOUT where proxy.isMeant(by: own):
            return HTTPError(.timeout, reach, "no connection within \(options.connectTimeout) seconds")
        case CURLE_RECV_ERROR where proxy.isMeant(by: own), CURLE_PROXY:
            let status = own.split { !$0.isNumber }.map(String.init).last { $0.count == 3 }
            let use = "use the proxy \(proxy.origin) (\(proxy.setting)) for \(request.url.origin)"
            return HTTPError(.closed, use, status.map { "it answers \($0)" } ?? plain(own, otherwise: "it refuses"))
        default: return nil
        }
    }

    private func connectReason(_ own: String) -> String {
        for reason in ["Connection refused", "No route to host", "Network is unreachable"] where own.contains(reason) {
            return reason.lowercased()
        }
        return own.contains("Couldn't connect to server")
            ? "connection refused" : plain(own, otherwise: "no connection")
    }

    private func closedReason(_ code: Int32, _ own: String) -> String {
        switch CURLcode(rawValue: UInt32(code)) {
        case CURLE_GOT_NOTHING: "the server closed the connection without an answer"
        case CURLE_PARTIAL_FILE: "the connection closed before the whole answer came"
        default: "the connection was lost"
        }
    }

    /// libcurl's text as part of a message: first letter small, no period at the end.
    private func plain(_ own: String, otherwise: String) -> String {
        guard let first = own.first else { return otherwise }
        let text = own.hasPrefix("SSL") || own.hasPrefix("HTTP") ? own : first.lowercased() + own.dropFirst()
        return text.hasSuffix(".") ? String(text.dropLast()) : text
    }
}
