/// Which container engine to use.
public enum EngineChoice: String, CaseIterable, Sendable {
    /// The first that is found of podman, docker, buildah.
    case automatic = "auto"
    case podman, docker, buildah
}
