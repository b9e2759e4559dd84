import ArgumentParser
import Configuration

/// The flags of commands that store an image.
public struct StoringOptions: ParsableArguments {
    @Flag(
        name: .customLong("allow-secret-in-image"),
        help: "Store an image whose config or history holds the value of a secret argument.")
    var allowSecretInImage = false

    /// For the argument parser.
    public init() {}

    /// Adds what the flags say.
    public func apply(to overrides: inout Overrides) {
        overrides.allowSecretInImage = allowSecretInImage
    }
}
