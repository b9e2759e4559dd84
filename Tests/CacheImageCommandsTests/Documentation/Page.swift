import Foundation
import Testing

/// A page of docs/ of which parts are made from the code; each stands between two comments, the rest is written by hand.
struct Page: Sendable {
    /// The name of its file in docs/.
    let name: String
    /// What makes each part, by the part's name.
    let parts: [(name: String, lines: @Sendable () throws -> [String])]

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs")

    private var file: URL { Self.folder.appending(path: name) }

    /// The page as it stands.
    func text() throws -> String { try String(contentsOf: file, encoding: .utf8) }

    /// The page with its parts made anew.
    func made() throws -> String {
        var text = try text()
        for part in parts {
            let begin = "<!-- generated: \(part.name) -->\n"
            let end = "<!-- end of \(part.name) -->"
            let start = try #require(text.range(of: begin), "docs/\(name) has no part \(part.name)").upperBound
            let stop = try #require(text.range(of: end), "docs/\(name) does not end the part \(part.name)").lowerBound
            text.replaceSubrange(start..<stop, with: try part.lines().map { $0 + "\n" }.joined())
        }
        return text
    }

    /// Writes the page anew.
    func write() throws { try made().write(to: file, atomically: true, encoding: .utf8) }
}
