import HTTP
import Hashing
import OCI

/// Asks registries what images are; nothing is downloaded but manifests and configs.
///
/// The pull side of https://github.com/opencontainers/distribution-spec/blob/main/spec.md
public actor RegistryClient {
    /// The most bytes of a manifest or config that are read, as in other clients.
    public static let documentLimit = 4 << 20

    let http: HTTPClient
    let logins: LoginFiles
    let trust: RegistryTrust
    /// The scheme by which a host answered.
    var schemes: [String: RequestURL.Scheme] = [:]
    /// The `Authorization` field for a repository of a host.
    var authorizations: [String: String] = [:]

    /// Makes a client.
    ///
    /// - Parameter environment: says where logins and registries.conf lie, and is that of credential helpers.
    public init(environment: [String: String]) {
        let trust = RegistryTrust(environment: environment)
        self.trust = trust
        logins = LoginFiles(environment: environment)
        http = HTTPClient { trust.options(for: $0) }
    }

    /// The digest of what a reference names: one HEAD request, where the registry says it in a header.
    ///
    /// - Throws: `RegistryError`, or `CancellationError`.
    public func digest(of reference: ImageReference) async throws -> SHA256Digest {
        let path = "manifests/" + reference.manifestName
        let head = try await answer(to: "HEAD", path, of: reference, accepting: Manifest.mediaTypes)
        if head.isSuccess, let digest = head.headers["Docker-Content-Digest"].flatMap({ SHA256Digest($0) }) {
            return digest
        }
        // Some registries know no HEAD, some name no digest.
        guard head.isSuccess || head.status == 405 || head.status == 501 else {
            throw Self.failure(head, reference)
        }
        let response = try await successfulAnswer(to: "GET", path, of: reference, accepting: Manifest.mediaTypes)
        let digest = SHA256Digest(of: response.body)
        if let promised = response.headers["Docker-Content-Digest"].flatMap({ SHA256Digest($0) }), promised != digest {
            throw Self.wrongBytes(reference, promised)
        }
        return digest
    }

    /// The manifest of a digest.
    ///
    /// - Throws: `RegistryError`, also for bytes of another digest, or `CancellationError`.
    public func manifest(_ digest: SHA256Digest, of reference: ImageReference) async throws -> Manifest {
        let bytes = try await document("manifests/\(digest)", digest, of: reference, accepting: Manifest.mediaTypes)
        do {
            return try Manifest(parsing: bytes)
        } catch {
            throw RegistryError(.refused, "\(reference)", "the registry's manifest \(digest): \(error.reason)")
        }
    }

    /// The image config that a manifest names.
    ///
    /// - Throws: `RegistryError`, also for bytes of another digest, or `CancellationError`.
    public func config(_ descriptor: Descriptor, of reference: ImageReference) async throws -> ImageConfig {
        let digest = descriptor.digest
        let bytes = try await document("blobs/\(digest)", digest, of: reference, accepting: [])
        do {
            return try ImageConfig(bytes: bytes)
        } catch {
            throw RegistryError(.refused, "\(reference)", "the registry's config \(digest): \(error.reason)")
        }
    }

    /// The bytes of a digest.
    private func document(
        _ path: String, _ digest: SHA256Digest, of reference: ImageReference, accepting types: [String]
    ) async throws -> [UInt8] {
        let response = try await successfulAnswer(to: "GET", path, of: reference, accepting: types)
        guard SHA256Digest(of: response.body) == digest else { throw Self.wrongBytes(reference, digest) }
        return response.body
    }

    private func successfulAnswer(
        to method: String, _ path: String, of reference: ImageReference, accepting types: [String]
    ) async throws -> Response {
        let response = try await answer(to: method, path, of: reference, accepting: types)
        guard response.isSuccess else { throw Self.failure(response, reference) }
        return response
    }
}
