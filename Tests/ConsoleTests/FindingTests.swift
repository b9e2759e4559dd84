import Foundation
import Testing

/// docs/finding.md tells where answers are: each path that it names is there.
@Suite struct FindingTests {
    @Test func everyPathOfTheQuestionsIsThere() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appendingPathComponent("docs/finding.md"), encoding: .utf8)
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| ") && $0.contains("?") }
        #expect(rows.count >= 10)
        for row in rows {
            let paths = row.matches(of: /`(?<path>Sources\/[^`]+)`/).map { String($0.output.path) }
            #expect(!paths.isEmpty, "\(row)")
            for path in paths {
                #expect(FileManager.default.fileExists(atPath: root.appendingPathComponent(path).path), "\(path)")
            }
        }
    }
}
