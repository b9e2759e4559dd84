import Foundation

/// Random numbers that are the same in every run (SplitMix64); `TEST_SEED` gives others, and is printed.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    /// What the numbers follow from.
    public let seed: UInt64
    private var state: UInt64

    /// A generator for one test: `seed`, plus what the variable says.
    public init(seed: UInt64 = 0) {
        let given = ProcessInfo.processInfo.environment["TEST_SEED"].flatMap { UInt64($0) }
        self.seed = seed &+ (given ?? 0)
        state = self.seed
        if let given { FileHandle.standardError.write(Data("TEST_SEED=\(given)\n".utf8)) }
    }

    /// The next number.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
