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

    /// The stages that the target needs and does not grow from, by their names; none where the Dockerfile is not understood.
    public var furtherStages: [String] {
        guard let plan else { return [] }
        var line: Set<Int> = []
        var next: Int? = plan.target
        while let index = next, line.insert(index).inserted {
            if case .stage(let parent) = plan.stages[index].parent { next = parent } else { next = nil }
        }
        return plan.stages.indices.filter { !line.contains($0) }.map { plan.stages[$0].name }
    }
}
