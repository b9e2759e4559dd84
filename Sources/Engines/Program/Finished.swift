/// How an engine's program ended.
struct Finished: Sendable {
    enum Ending: Hashable, Sendable {
        case exited(Int32)
        case signaled(Int32)
    }

    let command: String
    let ending: Ending
    let outputBytes: [UInt8]
    let errorLines: [String]
    /// What our own writer or reader of a pipe ran into.
    let transferError: (any Error)?

    var isSuccess: Bool { ending == .exited(0) }
    var output: String { String(decoding: outputBytes, as: UTF8.self) }
    /// The words of the output's first line.
    var firstWords: [String] { (lines.first ?? "").split(separator: " ").map(String.init) }
    var lines: [String] { output.split(separator: "\n").map(String.init) }

    /// The engine's own error text, in one line.
    var reason: String {
        let lines = errorLines.filter { line in
            !line.trimmed.isEmpty && !line.hasPrefix("time=") && !line.hasPrefix("See '") && !line.hasPrefix("Usage:")
        }
        let errors = lines.filter { $0.lowercased().contains("error") }
        let text = (errors.last ?? lines.last ?? errorLines.last ?? "").trimmed
        return text.hasPrefix("Error: ") ? String(text.dropFirst(7)) : text
    }

    /// Whether the engine's errors hold one of these texts (in lower case), whatever the case.
    func says(_ texts: [String]) -> Bool {
        let all = errorLines.joined(separator: "\n").lowercased()
        return texts.contains { all.contains($0) }
    }
}
