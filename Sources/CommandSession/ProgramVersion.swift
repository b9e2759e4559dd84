/// The version of the programs.
package enum ProgramVersion {
    /// As `version` prints it.
    package static let number = "0.1.0"
}
