import Foundation
import Testing

@testable import OSTemplate

/// docs/templates.md names every key, and every word that a key takes.
@Suite struct DocumentedKeysTests {
    private static let page: String = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return (try? String(contentsOf: root.appendingPathComponent("docs/templates.md"), encoding: .utf8)) ?? ""
    }()

    /// The words between backquotes, with the parts that dots separate.
    private static let words: Set<String> = {
        var words: Set<String> = []
        for match in page.matches(of: /`(?<text>[^`\n]+)`/) {
            let text = String(match.output.text)
            words.insert(text)
            for part in text.split(separator: ".") { words.insert(String(part).replacing("[]", with: "")) }
        }
        return words
    }()

    @Test func everyKeyOfTemplates() {
        for (path, keys) in TemplateKey.tables {
            for key in keys
            where !["disk", "systemConfig", "packageRepositories", "image", "target"].contains(key.name) {
                #expect(Self.words.contains(key.name), "\(path).\(key.name)")
            }
        }
    }

    @Test func everyWord() {
        for kind in DiskConfig.Artifact.Kind.allCases { #expect(Self.words.contains(kind.rawValue)) }
        for kind in DiskConfig.Artifact.Compression.allCases { #expect(Self.words.contains(kind.rawValue)) }
        for type in OSTemplate.ImageType.allCases { #expect(Self.words.contains(type.rawValue)) }
        for distribution in Distribution.all {
            #expect(Self.words.contains(distribution.os))
            #expect(distribution.basePackages.allSatisfy { Self.words.contains($0) })
        }
    }

    @Test func everyKeyOfTheConfiguration() {
        for line in ComposerConfiguration().lines {
            let key = String(line.prefix { $0 != " " })
            #expect(Self.page.contains("| `\(key)` | "), "\(key)")
        }
    }
}
