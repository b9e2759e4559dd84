import HTTP
import JSON
import OCI

extension RegistryClient {
    /// The `Authorization` field that an answer 401 asks for.
    ///
    /// https://distribution.github.io/distribution/spec/auth/token/
    func authorize(_ response: Response, _ reference: ImageReference) async throws -> String {
        let challenges = Challenge.parse(response.headers.all("WWW-Authenticate"))
        let login = await logins.login(for: reference)
        if let bearer = challenges.first(where: { $0.scheme == "bearer" }), let realm = bearer.parameters["realm"] {
            return "Bearer " + (try await token(from: realm, bearer, login, response.url, reference))
        }
        if challenges.contains(where: { $0.scheme == "basic" }), let login, login.identityToken == nil {
            return login.basicValue
        }
        throw Self.failure(response, reference, sentLogin: false)
    }

    /// Fetches a token for reading the repository.
    private func token(
        from realm: String, _ challenge: Challenge, _ login: Login?, _ registry: RequestURL,
        _ reference: ImageReference
    ) async throws -> String {
        let url: RequestURL
        do {
            url = try RequestURL(realm)
        } catch {
            throw RegistryError(.refused, "\(reference)", "its token server's URL cannot be used: \(error.reason)")
        }
        // A login that the registry got encrypted must not be sent in the open.
        if url.scheme == .http, registry.scheme == .https {
            throw RegistryError(.refused, "\(reference)", "its token server \(url.origin) does not speak https")
        }
        let scope = challenge.parameters["scope"] ?? "repository:\(reference.repository):pull"
        var fields = [("scope", scope)]
        if let service = challenge.parameters["service"] { fields.insert(("service", service), at: 0) }
        let response: Response
        do {
            response = try await http.send(try Self.tokenRequest(url, fields, login))
        } catch let error as HTTPError {
            throw Self.failure(error, reference)
        }
        guard response.isSuccess else { throw Self.failure(response, reference, sentLogin: login != nil) }
        let answer = try? JSONValue(parsing: response.body)
        guard let token = answer?["token"]?.string ?? answer?["access_token"]?.string, Self.isToken(token) else {
            throw RegistryError(.refused, "\(reference)", "its token server \(url.origin) sent no token")
        }
        return token
    }

    /// A GET with the login, or where there is an identity token a POST with that.
    ///
    /// https://distribution.github.io/distribution/spec/auth/oauth/
    private static func tokenRequest(
        _ url: RequestURL, _ fields: [(String, String)], _ login: Login?
    ) throws(HTTPError) -> Request {
        func form(_ fields: [(String, String)]) -> String {
            fields.map { "\($0)=\(RequestURL.encode($1))" }.joined(separator: "&")
        }
        if let token = login?.identityToken {
            let more = [("grant_type", "refresh_token"), ("client_id", "cache-image"), ("refresh_token", token)]
            var request = Request("POST", url, answerLimit: 1 << 20)
            try request.headers.append("Content-Type", "application/x-www-form-urlencoded")
            request.body = .bytes(Array(form(fields + more).utf8))
            // The body is a secret of this server's.
            request.followsRedirects = false
            return request
        }
        var request = Request("GET", url, answerLimit: 1 << 20)
        request.url.query = [url.query, form(fields)].compactMap { $0 }.joined(separator: "&")
        if let login { try request.headers.append("Authorization", login.basicValue) }
        return request
    }

    /// Whether a text can stand after `Bearer`: visible ASCII.
    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}
