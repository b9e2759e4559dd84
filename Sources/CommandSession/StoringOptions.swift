import ArgumentParser
import Configuration

/// The flags of commands that store an image.
public struct StoringOptions: ParsableArguments {
    @Flag(name: .of(.allowSecretInImage), help: .of(.allowSecretInImage)) var allowSecretInImage = false

    /// For the argument parser.
    public init() {}

    /// Adds what the flags say.
    public func apply(to overrides: inout Overrides) {
        overrides.give(.allowSecretInImage, if: allowSecretInImage)
    }
}
