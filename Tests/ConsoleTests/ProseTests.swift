import Foundation
import Testing

/// The pages of this project: their width, their links, and what the sources cite of them.
@Suite struct ProseTests {
    @Test func noLineOfProseIsWiderThan100Columns() throws {
        let pages = try Page.all
        #expect(pages.count > 10)
        for page in pages {
            for line in page.prose where line.text.count > 100 && !line.text.hasPrefix("|") {
                let words = line.text.split(separator: " ")
                let isLinkAlone = words.filter { $0 != "-" }.count == 1
                #expect(isLinkAlone, "\(page.path):\(line.number) has \(line.text.count) columns")
            }
        }
    }

    @Test func everyLinkLeadsSomewhere() throws {
        let pages = try Page.all
        let anchors = Dictionary(uniqueKeysWithValues: pages.map { ($0.path, $0.anchors) })
        var count = 0
        for page in pages {
            let folder = page.path.split(separator: "/").dropLast().joined(separator: "/")
            for line in page.prose where line.text.contains("](") {
                for match in line.text.matches(of: /\]\((?<target>[^)\s#]*)(?:#(?<anchor>[^)\s]*))?\)/) {
                    let target = String(match.output.target)
                    if target.contains("://") || target.hasPrefix("mailto:") { continue }
                    count += 1
                    let path = target.isEmpty ? page.path : Self.joined(folder, target)
                    let place = "\(page.path):\(line.number) \(match.output.0)"
                    guard FileManager.default.fileExists(atPath: Page.root.appendingPathComponent(path).path) else {
                        Issue.record("\(place): there is no \(path)")
                        continue
                    }
                    guard let anchor = match.output.anchor else { continue }
                    #expect(anchors[path]?.contains(String(anchor)) == true, "\(place)")
                }
            }
        }
        #expect(count > 50)
    }

    @Test func everyRuleHasItsTextAndItsTests() throws {
        let page = try Page("docs/inputs.md")
        let last = 60
        for number in 1...last {
            #expect(page.section("Rule \(number)").joined().count > 20, "rule \(number) has no text")
        }
        #expect(!page.headings.contains("Rule \(last + 1)"))
        var tested: Set<Int> = []
        for line in page.section("Tests of the rules") {
            guard let label = line.firstMatch(of: /\*\*Rules? (?<numbers>[^*]+)\*\*/) else { continue }
            tested.formUnion(Self.numbers(label.output.numbers))
        }
        #expect(tested == Set(1...last), "not tested: \(Set(1...last).subtracting(tested).sorted())")
    }

    @Test func everyRuleThatTheCodeCitesIsThere() throws {
        let rules = Set(try Page("docs/inputs.md").headings)
        var count = 0
        for file in try Self.sources(of: ["Sources", "Tests"]) {
            for line in file.text.split(separator: "\n") where line.contains("//") && line.contains("ule") {
                for match in line.matches(of: /\b[Rr]ules? (?<numbers>[0-9]+(?:(?:, | and | to )[0-9]+)*)/) {
                    for number in Self.numbers(match.output.numbers) {
                        count += 1
                        #expect(rules.contains("Rule \(number)"), "\(file.path): rule \(number)")
                    }
                }
            }
        }
        #expect(count > 20)
    }

    @Test func everyTestOfARuleIsThere() throws {
        let text = try Page("docs/inputs.md").section("Tests of the rules").joined(separator: " ")
        let suites = text.matches(of: /`(?<suite>[A-Za-z]+Tests\/[A-Za-z\/]+)`(?: \((?<names>[^)]+)\))?/)
        #expect(suites.count > 40)
        for match in suites {
            let file = Page.root.appendingPathComponent("Tests/\(match.output.suite).swift")
            let source = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
            #expect(!source.isEmpty, "there is no \(match.output.suite)")
            for name in (match.output.names ?? "").matches(of: /`(?<name>\w+)`/) {
                let declared = ["func ", "struct "].contains { source.contains($0 + name.output.name) }
                #expect(declared, "\(match.output.suite) has no \(name.output.name)")
            }
        }
    }

    @Test func everyPageThatTheCodeCitesIsThere() throws {
        var count = 0
        for file in try Self.sources(of: ["Sources", "Package.swift"]) {
            // A character before it that is no slash: other projects' pages are URLs.
            let form = /[^\/]docs\/(?<name>[a-z-]+)\.md(?:, "(?<heading>[^"\n]+)")?/
            for line in file.text.split(separator: "\n") where line.contains("docs/") {
                guard let match = line.firstMatch(of: form) else { continue }
                count += 1
                guard let page = try? Page("docs/\(match.output.name).md") else {
                    Issue.record("\(file.path): there is no docs/\(match.output.name).md")
                    continue
                }
                if let heading = match.output.heading {
                    #expect(page.headings.contains(String(heading)), "\(file.path): \(match.output.0)")
                }
            }
        }
        #expect(count > 5)
    }

    // MARK: Reading

    /// The numbers in `1, 2`, `5 to 7` and `3`.
    private static func numbers(_ text: some StringProtocol) -> [Int] {
        let words = text.split { ", ".contains($0) }
        var numbers: [Int] = []
        var isRange = false
        for word in words {
            if let number = Int(word) {
                if isRange, let first = numbers.last, first < number { numbers += (first + 1)..<number }
                numbers.append(number)
            }
            isRange = word == "to"
        }
        return numbers
    }

    /// A link's target, seen from the page's folder.
    private static func joined(_ folder: String, _ target: String) -> String {
        var parts = folder.split(separator: "/")
        for part in target.split(separator: "/") {
            if part == ".." { parts = parts.dropLast() } else { parts.append(part) }
        }
        return parts.joined(separator: "/")
    }

    /// The Swift and C files in some folders, or single files.
    private static func sources(of places: [String]) throws -> [(path: String, text: String)] {
        var files: [(String, String)] = []
        for place in places {
            let url = Page.root.appendingPathComponent(place)
            let names = place.hasSuffix(".swift") ? [""] : try FileManager.default.subpathsOfDirectory(atPath: url.path)
            for name in names where name.isEmpty || [".swift", ".c", ".h"].contains(where: name.hasSuffix) {
                let file = name.isEmpty ? url : url.appendingPathComponent(name)
                files.append(("\(place)/\(name)", try String(contentsOf: file, encoding: .utf8)))
            }
        }
        return files
    }
}
