import ArgumentParser
import Configuration

/// Which images a command is about: operands, or a whole image declared by flags.
public struct ImageOptions: ParsableArguments {
    /// The images that are named; none for all.
    @Argument(help: ArgumentHelp("The images, NAME or NAME:TAG; all declared ones by default.", valueName: "image"))
    package var images: [String] = []

    @OptionGroup(title: "An image without configuration")
    var declaration: DeclarationOptions

    /// For the argument parser.
    public init() {}

    /// Adds what the operands and flags say.
    public func apply(to overrides: inout Overrides) {
        overrides.images = images
        declaration.apply(to: &overrides)
    }
}

/// The flags that declare an image, or change one that the configuration declares.
public struct DeclarationOptions: ParsableArguments {
    @Option(parsing: .unconditional, help: "The image's name.")
    var name: String?

    @Option(parsing: .unconditional, help: "The image's tag.")
    var tag: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("The Dockerfile.", valueName: "file"))
    var dockerfile: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("The build context.", valueName: "dir"))
    var context: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("The stage to build.", valueName: "stage"))
    var target: String?

    @Option(
        name: .customLong("build-arg"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("A build argument, K=V.", valueName: "k=v"))
    var buildArguments: [String] = []

    @Option(parsing: .unconditional, help: ArgumentHelp("The platform, OS/ARCH.", valueName: "platform"))
    var platform: String?

    @Option(
        name: .customLong("label"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("A label, K=V.", valueName: "k=v"))
    var labels: [String] = []

    @Option(parsing: .unconditional, help: ArgumentHelp("Pick the configured images of this type.", valueName: "type"))
    var type: String?

    /// For the argument parser.
    public init() {}

    /// Adds what the flags say.
    public func apply(to overrides: inout Overrides) {
        overrides.name = name
        overrides.tag = tag
        overrides.dockerfile = dockerfile
        overrides.context = context
        overrides.target = target
        overrides.buildArguments = buildArguments
        overrides.platform = platform
        overrides.labels = labels
        overrides.type = type
    }
}
