/// What the command line says; nil and empty are what it does not say.
public struct Overrides: Sendable {
    /// The IMAGE operands, each `NAME` or `NAME:TAG`.
    public var images: [String] = []
    private var values: [CommandFlag: [String]] = [:]

    /// Nothing said.
    public init() {}

    /// The value of a flag; one that takes none has `true`.
    public subscript(flag: CommandFlag) -> String? {
        get { values[flag]?.last }
        set { values[flag] = newValue.map { [$0] } }
    }

    /// All values of a flag that may be repeated, in order.
    public subscript(all flag: CommandFlag) -> [String] {
        get { values[flag] ?? [] }
        set { values[flag] = newValue }
    }

    /// Gives a flag that takes no value.
    public mutating func give(_ flag: CommandFlag, if isGiven: Bool = true) {
        if isGiven { self[flag] = "true" }
    }
}
