import HTTP
import Hashing
import OCI

extension RegistryClient {
    /// The error for a request that got no complete answer.
    static func failure(_ error: HTTPError, _ reference: ImageReference) -> RegistryError {
        let kind: RegistryError.Kind =
            switch error.kind {
            case .resolve, .connect, .tls, .timeout, .closed, .tooSlow, .unavailable: .unreachable
            case .tooLarge: .tooLarge
            case .protocolViolation, .redirect, .invalidURL, .invalidHeader: .refused
            }
        let hint: String? =
            kind == .unreachable ? "check the connection, or leave --online out" : nil
        // The action is a verb and a URL without its query.
        let place = error.action.split(separator: " ", maxSplits: 1).last ?? ""
        return RegistryError(kind, "\(reference)", "\(place): \(error.reason)", hint: error.hint ?? hint)
    }

    /// The error for an answer that is no success; the server's own text, which may be anything, is left out.
    static func failure(
        _ response: Response, _ reference: ImageReference, sentLogin: Bool = true
    ) -> RegistryError {
        let login = "podman login \(reference.registry), or docker login \(reference.registry)"
        let place = "(\(response.status) from \(response.url.origin))"
        switch response.status {
        case 401:
            let reason =
                sentLogin
                ? "the registry does not know it, or wants another login \(place)"
                : "the registry wants a login \(place)"
            return RegistryError(.authentication, "\(reference)", reason, hint: login)
        case 403: return RegistryError(.authentication, "\(reference)", "access is refused \(place)", hint: login)
        case 404, 410: return RegistryError(.missing, "\(reference)", "the registry does not have it \(place)")
        case 429:
            let seconds = response.headers["Retry-After"].flatMap { UInt32($0) }
            let hint = seconds.map { "try again in \($0) seconds" } ?? "try again later; a login may help: \(login)"
            return RegistryError(.refused, "\(reference)", "the registry gets too many requests \(place)", hint: hint)
        case 500...599: return RegistryError(.refused, "\(reference)", "the registry failed \(place)")
        default: return RegistryError(.refused, "\(reference)", "the registry's answer cannot be used \(place)")
        }
    }

    /// The error for bytes that are not those of their digest.
    static func wrongBytes(_ reference: ImageReference, _ digest: SHA256Digest) -> RegistryError {
        RegistryError(.corrupt, "\(reference)", "the registry's answer is not the bytes of \(digest)")
    }
}
