import Git
import HTTP
import SystemCalls
import SystemPackage

extension TransportOptions {
    /// The options for a URL, from `http.*`, `http.<url>.*`, `lfs.*` and the variables that Git reads.
    ///
    /// - Parameters:
    ///   - url: Where the request goes.
    ///   - configuration: Git's configuration, and that of git-lfs.
    ///   - gitOrigins: Where Git itself goes for this remote: the plain `http.extraHeader`, which is often a token, goes
    ///     nowhere else.
    ///   - environment: The variables.
    init(
        for url: RequestURL, _ configuration: LFSConfiguration, gitOrigins: Set<String>, environment: [String: String]
    ) {
        self.init()
        let text = url.withoutSecrets.wireForm
        func value(_ key: String) -> String? { URLMatch.values("http", key, for: text, in: configuration.git).last }
        func path(_ key: String, _ variable: String) -> FilePath? {
            if let given = environment[variable], !given.isEmpty { return FilePath(keeping: given) }
            return value(key).flatMap { $0.isEmpty ? nil : FilePath(configuration.git.expanded($0)) }
        }
        proxy = value("proxy")
        if proxy == nil, let capital = Self.capitalProxy(for: url, environment) {
            (proxy, proxyOrigin) = (capital, "HTTP_PROXY")
        }
        let verify = value("sslverify").map { ["false", "no", "off", "0"].contains($0.lowercased()) } ?? false
        verifiesCertificates = !verify && (environment["GIT_SSL_NO_VERIFY"] ?? "").isEmpty
        certificateAuthorityFile =
            path("sslcainfo", "GIT_SSL_CAINFO")
            ?? environment["SSL_CERT_FILE"].flatMap { $0.isEmpty ? nil : FilePath(keeping: $0) }
        certificateAuthorityFolder = path("sslcapath", "GIT_SSL_CAPATH")
        clientCertificate = path("sslcert", "GIT_SSL_CERT")
        clientKey = path("sslkey", "GIT_SSL_KEY")
        cookieFile = path("cookiefile", "")
        switch value("version") {
        case "HTTP/1.1": version = .http1
        case "HTTP/2": version = .http2
        default: break
        }
        activityTimeout = configuration.int("lfs.activitytimeout").map { max(0, $0) } ?? 30
        connectTimeout = configuration.count("lfs.dialtimeout") ?? 30
        var extra: [String] = []
        let found = URLMatch.best("http", "extraheader", for: text, in: configuration.git)
        for header in found.values where !found.isGeneric || gitOrigins.contains(url.origin) {
            if header.isEmpty { extra = [] } else { extra.append(header) }
        }
        for header in extra {
            guard let colon = header.firstIndex(of: ":") else { continue }
            try? headers.append(String(header[..<colon]), String(header[header.index(after: colon)...]))
        }
    }

    /// `HTTP_PROXY`, which libcurl does not read (a CGI program must not) and git-lfs does.
    private static func capitalProxy(for url: RequestURL, _ environment: [String: String]) -> String? {
        guard url.scheme == .http, environment["http_proxy"] == nil, environment["REQUEST_METHOD"] == nil else {
            return nil
        }
        return environment["HTTP_PROXY"]
    }
}
