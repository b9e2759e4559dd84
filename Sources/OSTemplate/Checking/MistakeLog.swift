/// Collects what is wrong in a template.
///
/// For one thread.
final class MistakeLog {
    private(set) var mistakes: [TemplateError.Mistake] = []

    /// Remembers a mistake; those beyond the limit are left out.
    func add(_ place: TemplateValue.Place, _ message: String, hint: String) {
        if mistakes.count >= TemplateError.maximumMistakes { return }
        let mistake = TemplateError.Mistake(file: place.file.name, line: place.line, message, hint: hint)
        if !mistakes.contains(mistake) { mistakes.append(mistake) }
    }

    /// Throws what was found: file by file, in the order of the lines.
    func check() throws(TemplateError) {
        var files: [String: Int] = [:]
        for mistake in mistakes where files[mistake.file] == nil { files[mistake.file] = files.count }
        let sorted = mistakes.sorted { (files[$0.file] ?? 0, $0.line) < (files[$1.file] ?? 0, $1.line) }
        if let first = sorted.first { throw TemplateError(first, Array(sorted.dropFirst())) }
    }
}
