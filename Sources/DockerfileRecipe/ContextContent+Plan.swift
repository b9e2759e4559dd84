import Context
import Dockerfile
import JSON
import Records

extension ContextContent {
    /// What a look at the folder has found.
    init(_ scan: ContextScan, state: (FileTable) -> JSONValue) {
        self.init(
            files: scan.files, followed: scan.followed, followedRoots: scan.followedRoots, trees: scan.trees,
            selections: scan.selections, warnings: scan.warnings, readCount: scan.readCount)
        absence = scan.absence
        assumption = scan.assumption
        submodules = scan.submodules
        assumed = scan.assumed
        repositoryState = state(recorded)
    }

    /// The same content for another plan of the same Dockerfile, if that takes the same files.
    func kept(from old: BuildPlan?, for new: BuildPlan) -> ContextContent? {
        guard let old, old.needsWholeContext == new.needsWholeContext, old.stages.count == new.stages.count else {
            return nil
        }
        var content = self
        (content.trees, content.selections) = ([:], [:])
        for (number, stage) in new.stages.enumerated() {
            let before = old.stages[number].operations
            // Triggers of a base image that became known stand before the stage's own operations.
            let added = stage.operations.count - before.count
            for (index, operation) in stage.operations.enumerated() where operation.readsContext {
                guard added >= 0, index >= added, Self.takesTheSame(before[index - added], operation) else {
                    return nil
                }
                let (from, to) = (
                    StepReference(stage: number, operation: index - added),
                    StepReference(stage: number, operation: index)
                )
                content.trees[to] = trees[from]
                content.selections[to] = selections[from]
            }
        }
        return content
    }

    private static func takesTheSame(_ old: Operation, _ new: Operation) -> Bool {
        old.kind == new.kind && old.origin == new.origin && old.sources == new.sources
            && ["exclude", "parents", "pivot"].allSatisfy { old.flags[$0] == new.flags[$0] }
            && old.replacesModes == new.replacesModes
            && old.mounts.filter { $0.origin == .context }.map(\.source)
                == new.mounts.filter { $0.origin == .context }.map(\.source)
    }
}
