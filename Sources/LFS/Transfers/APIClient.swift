import HTTP
import JSON
import SystemPackage

/// Speaks to the LFS API of one endpoint: JSON in both directions, logins where the server wants them.
final class APIClient: Sendable {
    /// The media type of requests and answers.
    ///
    /// https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md
    static let mediaType = "application/vnd.git-lfs+json"

    let endpoint: Endpoint
    let http: HTTPClient
    let retry: RetryPolicy
    private let configuration: LFSConfiguration
    private let gitOrigins: Set<String>
    private let environment: [String: String]
    private let authenticator: Authenticator
    private let ssh: SSHAuthenticator?

    init(
        _ endpoint: Endpoint, _ configuration: LFSConfiguration, http: HTTPClient, retry: RetryPolicy,
        folder: FilePath?, gitOrigins: Set<String>, environment: [String: String]
    ) {
        self.endpoint = endpoint
        self.http = http
        self.retry = retry
        self.configuration = configuration
        self.gitOrigins = gitOrigins
        self.environment = environment
        authenticator = Authenticator(configuration, endpoint, folder: folder, environment: environment)
        let command = SSHCommand(configuration: configuration, folder: folder, environment: environment)
        ssh = endpoint.ssh.map { SSHAuthenticator(endpoint, $0, command: command, retry: retry) }
    }

    /// An address that the server names, as `url.<base>.insteadOf` changes it where `lfs.transfer.enablehrefrewrite` is set.
    func address(_ text: String, for operation: TransferOperation) -> String {
        let isRewritten = configuration.bool("lfs.transfer.enablehrefrewrite") ?? false
        return isRewritten ? configuration.replacingAlias(text, for: operation) : text
    }

    /// Sends JSON to a path below the endpoint and gives the answer, whatever its status; the network's failures are tried again.
    ///
    /// - Parameter tries: How often the server may fail before that is the answer; nil makes an error of its failures in the end.
    func send(_ method: String, _ path: String, _ body: JSONValue?, tries: Int? = nil) async throws -> Response {
        try await retry.run { attempt in
            let (base, headers) = try await access()
            var request = Request(method, Self.url(base, path), headers: headers)
            try request.headers.set("Accept", Self.mediaType)
            if let body {
                try request.headers.set("Content-Type", Self.mediaType)
                request.body = .bytes(Array(body.text.utf8))
            }
            let response = try await sendWithLogin(request)
            if response.status == 401, endpoint.ssh != nil { await ssh?.forget() }
            if response.status == 429 || response.status >= 500 {
                let failure = ServerFailure.error(response, "ask", "\(base)", now: retry.now())
                let isLast = tries.map { attempt >= min($0, retry.limit) } ?? false
                if failure is RetryPolicy.Again, !isLast { throw failure }
            }
            return response
        }
    }

    /// Where the API is, and what every request to it carries.
    private func access() async throws -> (RequestURL, HeaderFields) {
        if let ssh {
            let access = try await ssh.access()
            return (access.url, access.headers)
        }
        guard let url = endpoint.httpURL else {
            if endpoint.url == Endpoint.unknown {
                throw LFSError(
                    .configuration, "use", "the LFS endpoint \(endpoint)",
                    "its URL names no host that ssh may be given",
                    hint: "git config lfs.url names another one")
            }
            let place = endpoint.remoteURL ?? endpoint.url
            if !place.contains(":") {
                throw LFSError(
                    .network, "reach", "the remote \(place)", "there is no such folder",
                    hint: "git remote -v lists the remotes, git remote set-url moves one")
            }
            throw LFSError(
                .configuration, "use", "the LFS endpoint \(endpoint)", "it is no http, https, ssh or file URL",
                hint: "git config lfs.url names another one")
        }
        return (url, HeaderFields())
    }

    /// The URL of a path below the endpoint; a query of the endpoint, such as a token, is kept.
    static func url(_ base: RequestURL, _ path: String) -> RequestURL {
        let parts = path.split(separator: "?", maxSplits: 1)
        var url = base.appending(String(parts[0]))
        if parts.count > 1 { url.query = [url.query, String(parts[1])].compactMap { $0 }.joined(separator: "&") }
        return url
    }

    /// The origin of the API, once it is known; logins go nowhere else.
    func origin() async throws -> String {
        try await access().0.origin
    }

    /// Sends a request to the API's own host; logs in where the server answers 401, three times at most.
    func sendWithLogin(_ request: Request, to receiver: ResponseReceiver? = nil) async throws -> Response {
        let options = TransportOptions(
            for: request.url, configuration, gitOrigins: gitOrigins, environment: environment)
        if request.headers["Authorization"] != nil || options.headers["Authorization"] != nil {
            return try await send(request, to: receiver)
        }
        var login = try await authenticator.initial(for: request.url)
        for _ in 0..<3 {
            var attempt = request
            if let login { try attempt.headers.set("Authorization", login.headerValue) }
            let response = try await send(attempt, to: receiver)
            guard response.status == 401, response.url.origin == request.url.origin, Self.takesBasic(response) else {
                if let login, response.status != 401 { try await authenticator.accept(login) }
                return response
            }
            guard let next = try await authenticator.next(after: login, for: request.url) else { return response }
            login = next
        }
        var last = request
        if let login { try last.headers.set("Authorization", login.headerValue) }
        let response = try await send(last, to: receiver)
        if response.status == 401 {
            _ = try? await authenticator.next(after: login, for: request.url)
        } else if let login {
            try await authenticator.accept(login)
        }
        return response
    }

    /// Sends a request as it is; a failure of the network is one that may be tried again.
    func send(_ request: Request, to receiver: ResponseReceiver? = nil) async throws -> Response {
        do {
            return try await http.send(request, to: receiver)
        } catch let error as HTTPError {
            throw ServerFailure.error(error)
        }
    }

    /// Whether the server takes Basic authentication: it says so, or it does not say (some servers name nothing).
    private static func takesBasic(_ response: Response) -> Bool {
        let challenges = response.headers.all("LFS-Authenticate") + response.headers.all("WWW-Authenticate")
        return challenges.isEmpty || challenges.contains { $0.lowercased().hasPrefix("basic") }
    }
}
