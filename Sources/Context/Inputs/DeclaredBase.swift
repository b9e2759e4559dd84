import Hashing
import OCI

/// A base image that the same configuration declares: what stands for it in the keys of images that are made from it.
public struct DeclaredBase: Hashable, Sendable {
    /// Its name.
    public let name: ImageName
    /// Its key: what it holds is decided without an engine.
    public let key: SHA256Digest
    /// How its containers run; nil where that is not known without an engine.
    public let runtime: RuntimeConfig?

    /// Describes a declared image by its inputs.
    public init(_ inputs: ImageInputs) {
        self.init(name: inputs.request.image, key: inputs.key, runtime: inputs.runtime)
    }

    init(name: ImageName, key: SHA256Digest, runtime: RuntimeConfig?) {
        self.name = name
        self.key = key
        self.runtime = runtime
    }
}

/// A base image as a recipe names it.
public struct NamedBase: Sendable {
    /// The reference as written.
    public let written: String
    /// The platform that is asked for.
    public let platform: Platform
    /// Where it is named, as `FILE:LINE`.
    public let place: String

    /// Names a base image.
    package init(written: String, platform: Platform, place: String) {
        self.written = written
        self.platform = platform
        self.place = place
    }
}
