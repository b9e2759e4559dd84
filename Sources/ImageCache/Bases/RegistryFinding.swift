import Engines
import Hashing
import OCI
import Records
import Registry

/// What a registry says of a base image: asked no further than the comparison with the lock needs.
struct RegistryFinding: Sendable {
    /// An image to compare with.
    struct Known: Sendable {
        /// The digests of manifests, of an index or of the config that stand for it.
        var digests: Set<SHA256Digest>
        var contentID: SHA256Digest

        /// The locked image, and where the engine has it, the digests by which the engine knows it; without a lock, the
        /// engine's image.
        init?(locked: BaseLock.Entry?, held: EngineImage?) {
            guard let entry = locked ?? held?.lockEntry else { return nil }
            contentID = entry.contentID
            digests = [entry.config]
            if let manifest = entry.manifest { digests.insert(manifest) }
            if let held, held.lockEntry.contentID == entry.contentID {
                digests.formUnion(held.repoDigests.compactMap { $0.digest?.sha256 })
            }
        }
    }

    /// The digest of what the tag names.
    let digest: SHA256Digest
    /// The digests that stand for the same image: an index, a manifest, its config.
    private var digests: Set<SHA256Digest>
    /// The identity of the image's content, where it was asked for.
    private var contentID: SHA256Digest?

    /// Whether the tag stands for an image, as far as is known.
    func names(_ known: Known) -> Bool {
        contentID == known.contentID || !digests.isDisjoint(with: known.digests)
    }

    /// Asks the registry what a tag stands for: one HEAD request where it names a digest of the known image.
    ///
    /// Otherwise the index, the platform's manifest and the config are compared in turn, each only where those before
    /// it differ, since equal images can have other documents around them.
    static func ask(
        _ client: RegistryClient, _ reference: ImageReference, platform: Platform, known: Known?
    ) async throws -> RegistryFinding {
        let digest = try await client.digest(of: reference)
        var finding = RegistryFinding(digest: digest, digests: [digest])
        guard let known else { return finding }
        var next = digest
        // An index may hold an index; no registry is followed for ever.
        for _ in 0..<3 where !finding.names(known) {
            switch try await client.manifest(next, of: reference) {
            case .index(let manifests):
                guard let manifest = manifests.manifest(for: platform) else {
                    throw RegistryError(.missing, "\(reference)", "the registry has none for \(platform)")
                }
                next = manifest.digest
                finding.digests.insert(next)
            case .image(let config):
                finding.digests.insert(config.digest)
                if finding.names(known) { return finding }
                finding.contentID = try await client.config(config, of: reference).contentID
                return finding
            }
        }
        return finding
    }

    private init(digest: SHA256Digest, digests: Set<SHA256Digest>) {
        self.digest = digest
        self.digests = digests
    }
}
