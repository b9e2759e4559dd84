import Foundation

/// A page of this project's prose.
struct Page {
    /// The root of the project.
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Its path, relative to the root.
    let path: String
    /// Its lines, numbered from 1, without those of code blocks.
    let prose: [(number: Int, text: Substring)]

    /// The headings, without their marks.
    let headings: [String]

    /// Reads a page.
    init(_ path: String) throws {
        self.path = path
        let text = try String(contentsOf: Self.root.appendingPathComponent(path), encoding: .utf8)
        var isCode = false
        var prose: [(Int, Substring)] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.drop(while: { $0 == " " }).hasPrefix("```") {
                isCode.toggle()
            } else if !isCode {
                prose.append((index + 1, line))
            }
        }
        self.prose = prose
        headings = prose.compactMap { line in
            guard line.1.hasPrefix("#") else { return nil }
            return line.1.drop { $0 == "#" }.drop { $0 == " " }.description
        }
    }

    /// All pages.
    static var all: [Page] {
        get throws {
            var paths = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "BENCHMARKS.md", "docker-cache/README.md"]
            let folder = root.appendingPathComponent("docs").path
            for name in try FileManager.default.contentsOfDirectory(atPath: folder) where name.hasSuffix(".md") {
                paths.append("docs/" + name)
            }
            return try paths.map { try Page($0) }
        }
    }

    /// The anchors of the headings, as forges make them.
    var anchors: Set<String> {
        Set(
            headings.map { heading in
                String(
                    heading.lowercased().compactMap { character -> Character? in
                        if character == " " { return "-" }
                        return character.isLetter || character.isNumber || "-_".contains(character) ? character : nil
                    })
            })
    }

    /// The lines below a heading, up to the next of the same or a higher level.
    func section(_ heading: String) -> [Substring] {
        guard let start = prose.firstIndex(where: { $0.text.hasPrefix("#") && $0.text.hasSuffix(" " + heading) }) else {
            return []
        }
        let level = prose[start].text.prefix { $0 == "#" }.count
        let rest = prose[(start + 1)...]
        let end = rest.firstIndex { $0.text.hasPrefix("#") && $0.text.prefix { $0 == "#" }.count <= level }
        return rest[..<(end ?? rest.endIndex)].map(\.text)
    }
}
