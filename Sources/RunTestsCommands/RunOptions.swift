import Configuration
import Console

/// The words of `--options`.
enum RunOptions {
    /// Splits a text as a shell splits words; an open quote is a usage error.
    static func split(_ text: String) throws -> [String] {
        do {
            return try ShellWords.split(text)
        } catch {
            throw Failure(.usage, "cannot split --options '\(text)': \(error)")
        }
    }
}
