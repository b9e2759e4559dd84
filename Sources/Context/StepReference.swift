import Hashing

/// A step of a plan: the stage's and the operation's index.
package struct StepReference: Hashable, Sendable {
    /// The position of the stage in the plan.
    package let stage: Int
    /// The position of the operation in its stage.
    package let operation: Int

    /// Names a step.
    package init(stage: Int, operation: Int) {
        self.stage = stage
        self.operation = operation
    }
}

/// The digest of the files that an operation reaches, and how many they are.
package struct StepTree: Hashable, Sendable {
    /// The digest of the files' records.
    package let digest: SHA256Digest
    /// How many files they are.
    package let count: Int
}
