/// A group of commands that takes and gives what another program does, since others call it in that program's place.
public struct GuestGroup: Sendable {
    /// The group's name, the first word of its command lines.
    public let name: String
    /// Verbs that are called with paths and patterns, which may be any bytes: they take them as `String(keeping:)` has them.
    public let pathVerbs: Set<String>
    /// The words of any command line as the parser takes them.
    public let normalised: @Sendable ([String]) -> [String]
    /// The lines for stderr and the status where the parser refuses words; nil where they are not of this group.
    public let complaint: @Sendable (_ words: [String], _ message: String) -> (lines: [String], status: Int32)?

    /// Describes a group.
    public init(
        name: String, pathVerbs: Set<String>, normalised: @escaping @Sendable ([String]) -> [String],
        complaint: @escaping @Sendable ([String], String) -> (lines: [String], status: Int32)?
    ) {
        self.name = name
        self.pathVerbs = pathVerbs
        self.normalised = normalised
        self.complaint = complaint
    }
}
