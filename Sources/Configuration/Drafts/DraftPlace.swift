import SystemPackage

/// What the values of a draft are seen from.
struct DraftPlace: Sendable {
    /// The folder that paths of the file are relative to.
    var base: FilePath
    /// The folder that paths of flags are relative to.
    let folder: FilePath
    /// Whether the file lies in a work tree.
    let isInRepository: Bool
    /// The variables.
    let environment: [String: String]

    /// A path of the file.
    func path(_ field: Field) throws(ConfigurationError) -> WrittenPath {
        WrittenPath(text: try field.word(), base: base)
    }

    /// A path of a flag.
    func path(_ flag: SaidFlag) -> WrittenPath { WrittenPath(text: flag.text, base: folder) }
}
