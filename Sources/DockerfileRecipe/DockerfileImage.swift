import Context
import Dockerfile

/// An image that a Dockerfile describes: its inputs, and what a build needs beside them.
public struct DockerfileImage: Sendable {
    /// What decides the image.
    public let inputs: ImageInputs
    /// The Dockerfile's bytes, as they were hashed.
    public let dockerfileBytes: [UInt8]
    /// The evaluated Dockerfile; nil in opaque mode.
    let plan: BuildPlan?
    let bases: KnownBases

    /// What was asked for.
    var request: ImageRequest { inputs.request }
    /// The files of the context.
    var content: ContextContent { inputs.content }
}
