import Patterns

/// Reads a Dockerfile line by line and joins the lines of each instruction.
struct SourceReader {
    private var rest: ArraySlice<UInt8>
    private var directives = Directives()
    private(set) var escape: Unicode.Scalar = "\\"
    private(set) var warnings: [(line: Int, text: String)] = []
    private var line = 0
    private var comments: [String] = []

    /// How long a line may be, its end included.
    private static let limit = 65_536

    init(_ text: [UInt8]) {
        rest = text.starts(with: GoText.byteOrderMark) ? text.dropFirst(3) : text[...]
    }

    /// Reads all instructions.
    mutating func instructions() throws(DockerfileError) -> [Instruction] {
        var instructions: [Instruction] = []
        while let first = try nextLine() {
            guard var joined = try start(first) else { continue }
            let startLine = line
            var goesOn = Self.trimContinuation(&joined, escape)
            if joined.isEmpty, !goesOn { continue }
            var hasEmptyLine = false
            while goesOn, let bytes = try nextLine() {
                let content = Self.withoutLineEnd(bytes)
                _ = try directives.read(content)
                if Self.isComment(content) { continue }
                if GoText.trimSpace(content).isEmpty {
                    hasEmptyLine = true
                    continue
                }
                var part = Array(content)
                goesOn = Self.trimContinuation(&part, escape)
                joined += part
            }
            let text = LosslessText.text(of: joined)
            if hasEmptyLine { warnings.append((line, "Empty continuation line found in: \(text)")) }
            instructions.append(try instruction(text, startLine))
        }
        if instructions.isEmpty { throw DockerfileError("file with no instructions") }
        return instructions
    }

    /// Takes a first line: notes comments and directives; nil where it holds no instruction.
    private mutating func start(_ bytes: ArraySlice<UInt8>) throws(DockerfileError) -> [UInt8]? {
        if Self.isComment(bytes) {
            let comment = GoText.trimSpace(LosslessText.text(of: Self.withoutLineEnd(bytes).dropFirst()))
            if comment.isEmpty { comments = [] } else { comments.append(comment) }
        }
        let content = GoText.trimSpaceStart(Self.withoutLineEnd(bytes))
        if let directive = try directives.read(content) {
            if !comments.isEmpty { comments.removeLast() }
            if directive.name == "escape" {
                guard directive.value == "\\" || directive.value == "`",
                    let scalar = directive.value.unicodeScalars.first
                else {
                    throw DockerfileError(
                        "invalid escape token '\(directive.value)' does not match ` or \\", line: line)
                }
                escape = scalar
            }
        }
        return Self.isComment(content) ? nil : content
    }

    /// Splits the joined line and reads the heredocs behind it.
    private mutating func instruction(_ text: String, _ startLine: Int) throws(DockerfileError) -> Instruction {
        do {
            var instruction = try Instruction(line: text, escape: escape)
            if instruction.mayHaveHeredocs {
                for heredoc in try Heredocs.announced(by: text) {
                    instruction.heredocs.append(try body(of: heredoc, startLine))
                }
            }
            instruction.startLine = startLine
            instruction.endLine = line
            instruction.comments = comments
            comments = []
            return instruction
        } catch {
            throw error.at(line: startLine)
        }
    }

    /// Reads a heredoc's lines, verbatim, up to its delimiter.
    private mutating func body(
        of heredoc: Instruction.Heredoc, _ startLine: Int
    ) throws(DockerfileError) -> Instruction.Heredoc {
        var heredoc = heredoc
        let delimiter = LosslessText.bytes(of: heredoc.name)
        var content: [UInt8] = []
        while let bytes = try nextLine() {
            var candidate = Self.withoutLineEnd(bytes)
            if heredoc.chomps { candidate = candidate.drop { $0 == UInt8(ascii: "\t") } }
            if candidate.elementsEqual(delimiter) {
                heredoc.content = LosslessText.text(of: content)
                return heredoc
            }
            content += bytes
        }
        throw DockerfileError("unterminated heredoc", line: startLine)
    }

    /// The next line with its end; nil at the end of the text.
    private mutating func nextLine() throws(DockerfileError) -> ArraySlice<UInt8>? {
        if rest.isEmpty { return nil }
        line += 1
        let end = rest.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? rest.endIndex
        let bytes = rest[..<end]
        rest = rest[end...]
        if bytes.count > Self.limit || (bytes.count == Self.limit && bytes.last != UInt8(ascii: "\n")) {
            throw DockerfileError("dockerfile line greater than max allowed size of \(Self.limit - 1)", line: line)
        }
        return bytes
    }

    private static func withoutLineEnd(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var bytes = bytes
        while let last = bytes.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") { bytes.removeLast() }
        return bytes
    }

    private static func isComment(_ bytes: some Collection<UInt8>) -> Bool {
        GoText.trimSpaceStart(bytes).first == UInt8(ascii: "#")
    }

    /// Drops an escape character at the end of a line, blanks after it included, and says whether there was one.
    ///
    /// One that is itself preceded by an escape character does not count.
    private static func trimContinuation(_ bytes: inout [UInt8], _ escape: Unicode.Scalar) -> Bool {
        var end = bytes.count
        while end > 0, bytes[end - 1] == UInt8(ascii: " ") || bytes[end - 1] == UInt8(ascii: "\t") { end -= 1 }
        let token = UInt8(truncatingIfNeeded: escape.value)
        guard end > 0, bytes[end - 1] == token, end == 1 || bytes[end - 2] != token else { return false }
        bytes.removeSubrange((end - 1)...)
        return true
    }
}
