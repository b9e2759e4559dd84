import Context
import Dockerfile
import Hashing
import OCI
import Records

/// The Merkle chain over a plan's stages (rule 8): the state after each operation, from the bases up.
struct KeyChain {
    /// The state after each operation.
    private(set) var states: [StepReference: SHA256Digest] = [:]
    /// The state at the end of each stage, by its index.
    private var ends: [SHA256Digest] = []
    private let identity: (BaseReference) -> BaseIdentity

    /// Computes all states of a plan.
    ///
    /// - Parameters:
    ///   - plan: The evaluated Dockerfile.
    ///   - trees: The files that operations take from the context.
    ///   - identity: What stands in the key for a base image.
    init(_ plan: BuildPlan, trees: [StepReference: StepTree], identity: @escaping (BaseReference) -> BaseIdentity) {
        self.identity = identity
        for (number, stage) in plan.stages.enumerated() {
            var state = CanonicalValue.list([.text("from"), base(stage)]).digest
            for (index, operation) in stage.operations.enumerated() {
                let step = StepReference(stage: number, operation: index)
                let value = operation.canonical(tree: trees[step]) { origin($0, platform: stage.platform) }
                state = CanonicalValue.list([.digest(state), value]).digest
                states[step] = state
            }
            ends.append(state)
        }
        final = ends.indices.contains(plan.target) ? ends[plan.target] : .zero
    }

    /// The state at the end of the target stage: STAGE in the root.
    private(set) var final = SHA256Digest.zero

    private func base(_ stage: BuildPlan.Stage) -> CanonicalValue {
        switch stage.parent {
        case .stage(let index): .list([.text("stage"), end(index)])
        case .scratch: .list([.text("scratch"), .text(stage.platform.description)])
        case .image(let reference): image(reference)
        }
    }

    private func origin(_ origin: Operation.Origin, platform: Platform) -> CanonicalValue {
        switch origin {
        case .context: .none
        case .stage(let index): .list([.text("stage"), end(index)])
        case .image(let reference): image(reference)
        case .scratch: .list([.text("scratch"), .text(platform.description)])
        }
    }

    private func image(_ reference: BaseReference) -> CanonicalValue {
        .list([.text("image"), .text(identity(reference).description), .text(reference.platform.description)])
    }

    private func end(_ index: Int) -> CanonicalValue {
        ends.indices.contains(index) ? .digest(ends[index]) : .none
    }
}
