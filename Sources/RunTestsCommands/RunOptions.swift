import Configuration
import Console

/// The words of `--options`.
enum RunOptions {
    /// Splits a text as a shell splits words; an open quote or what only a shell can do is a usage error.
    static func split(_ text: String) throws -> [String] {
        do {
            return try ShellWords.options(text)
        } catch {
            throw Failure(.usage, "cannot use --options: \(error)", hint: error.hint)
        }
    }
}
