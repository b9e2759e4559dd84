import Hashing

/// A step of a plan: the stage's and the operation's index.
struct StepReference: Hashable, Sendable {
    let stage: Int
    let operation: Int
}

/// The digest of the files that an operation reaches, and how many they are.
struct StepTree: Hashable, Sendable {
    let digest: SHA256Digest
    let count: Int
}
