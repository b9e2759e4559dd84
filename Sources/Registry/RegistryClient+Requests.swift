import HTTP
import Hashing
import OCI

extension RegistryClient {
    /// The answer to a request below the repository, whatever its status; logs in once where the registry wants that.
    func answer(
        to method: String, _ path: String, of reference: ImageReference, accepting types: [String]
    ) async throws -> Response {
        let key = "\(reference.host)/\(reference.repository)"
        var headers = HeaderFields()
        if !types.isEmpty { try headers.append("Accept", types.joined(separator: ", ")) }
        let known = authorizations[key]
        let response = try await send(method, path, headers, authorization: known, reference)
        guard response.status == 401 else { return response }
        let url = try base(of: reference, scheme: response.url.scheme)
        // Who was redirected to does not speak for the registry.
        guard response.url.origin == url.origin else { return response }
        authorizations[key] = nil
        let authorization = try await authorize(response, reference)
        let second = try await send(method, path, headers, authorization: authorization, reference)
        if second.isSuccess { authorizations[key] = authorization }
        return second
    }

    /// Sends a request by https; where a host needs no valid certificate, by http if it does not speak https.
    private func send(
        _ method: String, _ path: String, _ headers: HeaderFields, authorization: String?,
        _ reference: ImageReference
    ) async throws -> Response {
        let host = reference.host
        var schemes: [RequestURL.Scheme] = trust.isInsecure(host) ? [.https, .http] : [.https]
        if let known = self.schemes[host] { schemes = [known] }
        while true {
            let scheme = schemes.removeFirst()
            do {
                var request = Request(
                    method, try base(of: reference, scheme: scheme), headers: headers,
                    answerLimit: Self.documentLimit)
                request.url = request.url.appending(RequestURL.encode(path, keeping: "/:"))
                if let authorization { try request.headers.set("Authorization", authorization) }
                let response = try await http.send(request)
                self.schemes[host] = scheme
                return response
            } catch let error as HTTPError {
                let speaksNoTLS = [.tls, .closed, .protocolViolation].contains(error.kind)
                if speaksNoTLS, !schemes.isEmpty { continue }
                throw Self.failure(error, reference)
            }
        }
    }

    /// The URL of a repository.
    private func base(of reference: ImageReference, scheme: RequestURL.Scheme) throws -> RequestURL {
        do {
            return try RequestURL("\(scheme)://\(reference.host)/v2/" + reference.repository)
        } catch {
            throw Self.failure(error, reference)
        }
    }
}
