import Hashing

/// A step of a plan: the stage's and the operation's index.
package struct StepReference: Hashable, Sendable {
    package let stage: Int
    package let operation: Int

    /// Names a step.
    package init(stage: Int, operation: Int) {
        self.stage = stage
        self.operation = operation
    }
}

/// The digest of the files that an operation reaches, and how many they are.
package struct StepTree: Hashable, Sendable {
    package let digest: SHA256Digest
    package let count: Int
}
