import SystemCalls

/// The proxy that a request would go through, as messages name it.
struct Proxy {
    /// Scheme, host and port; no user and no password.
    let origin: String
    /// The setting or variable that names it.
    let setting: String
    private let host: String
    private let port: Int

    /// Reads what libcurl would: the option, else the variables of the request's scheme; nil where there is none.
    init?(_ options: TransportOptions, for url: RequestURL, environment: [String: String] = ProcessEnvironment.current)
    {
        var found = options.proxy.map { ($0, options.proxyOrigin) }
        if found == nil {
            let names = [
                url.scheme == .https ? ["https_proxy", "HTTPS_PROXY"] : ["http_proxy"], ["all_proxy", "ALL_PROXY"],
            ]
            for name in names.joined() where found == nil {
                if let value = environment[name], !value.isEmpty { found = (value, name) }
            }
        }
        guard let (text, setting) = found, !text.isEmpty else { return nil }
        self.setting = setting
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let hasScheme = text.contains("://")
        let scheme = hasScheme ? text.prefix { $0 != ":" }.lowercased() : "http"
        let authority = String(hasScheme && parts.count > 2 ? parts[2] : parts.first ?? "")
        let place = authority.lastIndex(of: "@").map { String(authority[$0...].dropFirst()) } ?? authority
        let isBracketed = place.hasPrefix("[")
        let end = isBracketed ? place.firstIndex(of: "]").map { place.index(after: $0) } : place.lastIndex(of: ":")
        let name = end.map { place[..<$0] } ?? place[...]
        let number = end.flatMap { Int(place[$0...].drop { $0 == ":" }) }
        host = name.filter { $0 != "[" && $0 != "]" }.lowercased()
        // libcurl's own: 1080 for all but https.
        port = number ?? (scheme == "https" ? 443 : 1080)
        if host.isEmpty { return nil }
        origin = "\(scheme)://\(name):\(port)"
    }

    /// Whether a message of libcurl is about the connection to this proxy.
    func isMeant(by text: String) -> Bool {
        let lowered = text.lowercased()
        return lowered.contains("to \(host) port \(port)") || lowered.contains("proxy")
            || lowered.contains("connect tunnel failed") || lowered.contains("\(host):\(port)")
    }
}
