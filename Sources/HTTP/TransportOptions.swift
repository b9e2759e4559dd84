import SystemCalls
import SystemPackage

/// How connections to one URL are made: proxy, certificates, time limits, fields that every request carries.
public struct TransportOptions: Hashable, Sendable {
    /// The HTTP versions that may be asked for.
    public enum Version: Hashable, Sendable {
        case automatic, http1, http2
    }

    /// The proxy's URL, empty for none; nil takes `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy`.
    public var proxy: String?
    /// The setting that names the proxy, for messages.
    public var proxyOrigin = "http.proxy"
    /// A file of trusted certificates; nil for the system's.
    public var certificateAuthorityFile: FilePath?
    /// A folder of trusted certificates.
    public var certificateAuthorityFolder: FilePath?
    /// Whether the server's certificate must be valid.
    public var verifiesCertificates = true
    /// The client's certificate.
    public var clientCertificate: FilePath?
    /// The client's key.
    public var clientKey: FilePath?
    /// The password of the client's key.
    public var clientKeyPassword: String?
    /// A file of cookies in Netscape's or header form, read and not written.
    public var cookieFile: FilePath?
    /// The HTTP version.
    public var version = Version.automatic
    /// The User-Agent field.
    public var userAgent = "cache-image"
    /// Seconds for making a connection.
    public var connectTimeout = 30
    /// Seconds in which something must come or go, `InputLimit.slowestTransfer` bytes of each; 0 for ever.
    public var activityTimeout = 30
    /// How long an answer that is kept in memory, a refusal, or the head of any answer may take from its first byte on.
    public var answerTime = Duration.seconds(InputLimit.answerSeconds)
    /// Fields that every request to this URL carries.
    public var headers = HeaderFields()

    /// The defaults.
    public init() {}
}
