import Configuration
import Console
import ImageCache

/// Shows what a configuration wants of this machine, and asks where somebody is there to answer.
package struct TrustDialogue {
    private let terminal: Terminal

    /// Talks on a terminal.
    package init(_ terminal: Terminal) {
        self.terminal = terminal
    }

    /// Whether the user says yes; false where standard input or standard error is no terminal.
    package func ask(_ questions: [OpenQuestion]) throws -> Bool {
        for question in questions { for line in Self.lines(of: question) { terminal.said(line) } }
        let confirmation = Confirmation(terminal)
        return try confirmation.isPossible && confirmation.ask("Do you trust this in this clone?")
    }

    /// A question in lines: why it is asked, then the values; of changed ones the difference.
    package static func lines(of open: OpenQuestion) -> [String] {
        let values = open.question.values
        guard let earlier = open.earlier else {
            return open.question.reasons + values.map { "    \($0)" }
        }
        let changes =
            earlier.filter { !values.contains($0) }.map { "  - \($0)" }
            + values.map { (earlier.contains($0) ? "    " : "  + ") + $0 }
        let isShown = earlier != values
        return open.question.reasons + ["  it was trusted before, and has changed:"]
            + (isShown ? changes : changes + ["    (a value that is not shown)"])
    }
}
