/// A base image that a Dockerfile names, in FROM, `COPY --from` or `--mount=from`.
public struct BaseReference: Hashable, Sendable {
    /// The reference as written, variables expanded.
    public let text: String
    /// The normalised reference, such as `docker.io/library/python:3.10-slim` or `docker.io/library/a@sha256:…`.
    public let name: String
    /// The digest in the reference (`sha256:…`); nil for a bare tag.
    public let digest: String?
    /// The platform that is asked for, `os/arch[/variant]`.
    public let platform: String
    /// The line that names it first.
    public let line: Int
}
