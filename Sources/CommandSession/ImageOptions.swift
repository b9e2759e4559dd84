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
    @Option(name: .of(.imageName), parsing: .unconditional, help: .of(.imageName)) var name: String?
    @Option(name: .of(.tag), parsing: .unconditional, help: .of(.tag)) var tag: String?
    @Option(name: .of(.dockerfile), parsing: .unconditional, help: .of(.dockerfile)) var dockerfile: String?
    @Option(name: .of(.context), parsing: .unconditional, help: .of(.context)) var context: String?
    @Option(name: .of(.target), parsing: .unconditional, help: .of(.target)) var target: String?
    @Option(name: .of(.buildArgument), parsing: .unconditionalSingleValue, help: .of(.buildArgument))
    var buildArguments: [String] = []
    @Option(name: .of(.platform), parsing: .unconditional, help: .of(.platform)) var platform: String?
    @Option(name: .of(.label), parsing: .unconditionalSingleValue, help: .of(.label)) var labels: [String] = []
    @Option(name: .of(.type), parsing: .unconditional, help: .of(.type)) var type: String?

    /// For the argument parser.
    public init() {}

    /// Adds what the flags say.
    public func apply(to overrides: inout Overrides) {
        overrides[.imageName] = name
        overrides[.tag] = tag
        overrides[.dockerfile] = dockerfile
        overrides[.context] = context
        overrides[.target] = target
        overrides[all: .buildArgument] = buildArguments
        overrides[.platform] = platform
        overrides[all: .label] = labels
        overrides[.type] = type
    }
}
