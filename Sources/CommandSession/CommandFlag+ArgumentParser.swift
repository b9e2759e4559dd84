import ArgumentParser
import Configuration

extension NameSpecification {
    /// The name of a flag that says something of the configuration.
    public static func of(_ flag: CommandFlag) -> NameSpecification { .customLong(String(flag.name.dropFirst(2))) }
}

extension ArgumentHelp {
    /// What a flag says of the configuration.
    public static func of(_ flag: CommandFlag) -> ArgumentHelp { ArgumentHelp(flag.text, valueName: flag.valueName) }
}
