import OCI

extension ImageReference {
    /// The host that speaks for the registry.
    var host: String { registry == Self.dockerHub ? "registry-1.docker.io" : registry }

    /// What follows `manifests/`: the digest where there is one.
    var manifestName: String { digest?.description ?? tag ?? "" }
}
