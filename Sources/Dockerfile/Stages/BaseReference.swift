import OCI

/// A base image that a Dockerfile names, in FROM, `COPY --from` or `--mount=from`.
public struct BaseReference: Hashable, Sendable {
    /// The reference as written, variables expanded.
    public let text: String
    /// The reference in its full form.
    public let reference: ImageReference
    /// The platform that is asked for.
    public let platform: Platform
    /// The line that names it first.
    public let line: Int

    /// The full form, such as `docker.io/library/python:3.10-slim` or `docker.io/library/a@sha256:…`.
    public var name: String { reference.description }
    /// The digest in the reference; nil for a bare tag.
    public var digest: Digest? { reference.digest }

    init(_ text: String, platform: Platform, line: Int) throws(DockerfileError) {
        self.text = text
        self.platform = platform
        self.line = line
        reference = try Self.read(text)
    }

    /// Reads a reference; an error has BuildKit's words.
    static func read(_ text: String) throws(DockerfileError) -> ImageReference {
        do throws(ImageReference.Fault) {
            return try ImageReference(text)
        } catch {
            throw DockerfileError("failed to parse stage name \(Quoted.string(text)): \(error)")
        }
    }

    /// Whether both name the same image for the same platform.
    func isSameImage(as other: BaseReference) -> Bool { reference == other.reference && platform == other.platform }
}
