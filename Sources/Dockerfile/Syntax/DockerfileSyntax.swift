import OCI
import Patterns

/// A Dockerfile's instructions, parsed but not evaluated.
public struct DockerfileSyntax: Sendable {
    /// The frontend that a `# syntax=` line asks for.
    public struct Frontend: Hashable, Sendable {
        /// The whole value.
        public let commandLine: String
        /// The frontend's image: the first word of the value.
        public let reference: String
        /// The line, counted from 1; where the text is JSON, the number of `#!` lines before it.
        public let line: Int

        init(commandLine: String, line: Int, isJSON: Bool = false) {
            self.commandLine = commandLine
            self.line = line
            let scalars = commandLine.unicodeScalars
            reference = isJSON ? commandLine : String(scalars.prefix { $0 != " " })
        }

        /// Whether it is one of `docker/dockerfile*`, with any tag or digest, from Docker's registry or a known mirror of
        /// it: the language of this module.
        public var isDockerfile: Bool {
            ImageReference.isOnDockerHub(reference, prefix: "docker/dockerfile")
                || ImageReference.isOnMirror(reference, prefix: "docker/dockerfile")
        }

        /// Whether it may be one with what Docker calls labs: a tag says so, and a digest leaves it open.
        var mayHaveLabs: Bool { !isDockerfile || reference.contains("labs") || reference.contains("@") }
    }

    /// The text.
    public let text: [UInt8]
    /// The instructions, in order.
    public let instructions: [Instruction]
    /// The escape character.
    public let escape: Unicode.Scalar
    /// The frontend that the text asks for; nil where it asks for none.
    public let frontend: Frontend?
    /// Remarks of the parser: a line, and what is wrong with it.
    public let warnings: [BuildPlan.Warning]

    /// Splits a Dockerfile into instructions; whether they mean anything is seen by `BuildPlan`.
    public init(_ text: [UInt8]) throws(DockerfileError) {
        if let reason = GoText.foreignEncoding(of: text) { throw DockerfileError(reason) }
        if String(decoding: text, as: UTF8.self).unicodeScalars.contains(where: LosslessText.isByte) {
            throw DockerfileError("characters from U+10F780 to U+10F7FF are not supported")
        }
        var reader = SourceReader(text)
        self.text = text
        instructions = try reader.instructions()
        escape = reader.escape
        warnings = reader.warnings.map { BuildPlan.Warning(line: $0.line, text: $0.text) }
        frontend = Self.frontend(of: text)
    }

    /// The frontend that a text asks for, in whatever language it is written.
    public static func frontend(of text: [UInt8]) -> Frontend? {
        Directives.frontend(of: text)
    }
}
