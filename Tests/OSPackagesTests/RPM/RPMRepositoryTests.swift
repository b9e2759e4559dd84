import Hashing
import JSON
import OSTemplate
import SystemPackage
import Testing

@testable import OSPackages

@Suite("RPM: repositories and answers")
struct RPMRepositoryTests {
    private func repository(_ url: String, _ trust: PackageRepository.Trust = .unchecked) throws -> RPMRepository {
        try RPMRepository(
            PackageRepository(codename: "a b/../c", url: url, trust: trust), provider: RPMFixture.provider)
    }

    @Test(
        "variables of addresses",
        arguments: [
            ("https://example.org/$releasever/$basearch/", "https://example.org/1/x86_64"),
            ("file:///r/${releasever}/$arch", "file:///r/1/x86_64"), ("http://example.org", "http://example.org"),
        ])
    func variables(url: String, result: String) throws {
        #expect(try repository(url).url == result)
    }

    @Test(
        "other addresses are refused", arguments: ["ftp://example.org", "/srv/repo", "", "http://a b", "http://a\nb"])
    func refused(url: String) {
        #expect(throws: PackageError.self) { try repository(url) }
    }

    @Test("a name decides nothing but a folder's name, and trust is a part of it")
    func names() throws {
        let unchecked = try repository("http://example.org")
        let checked = try repository("http://example.org", .keyring("/k"))
        #expect(unchecked.id != checked.id)
        for id in [unchecked.id, checked.id] {
            #expect(id.hasPrefix("abc-") && id.count == 20)
        }
    }

    @Test("the nearest repository has a say, one that is checked before one that is not")
    func candidates() {
        let root = RPMTrusted(id: "root", url: "http://a", isChecked: true)
        let inner = RPMTrusted(id: "inner", url: "http://a/b", isChecked: false)
        let twin = RPMTrusted(id: "twin", url: "http://a/b", isChecked: true)
        func ids(_ url: String, _ all: [RPMTrusted]) -> [String] {
            let package = Package(
                name: "a", version: "1", architecture: "noarch", fileName: "a.rpm", url: url, size: 1, sha256: .zero)
            return RPMTrusted.candidates(of: package, among: all).map(\.id)
        }
        #expect(ids("http://a/b/a.rpm", [root, inner]) == ["inner"])
        #expect(ids("http://a/b/a.rpm", [root, inner, twin]) == ["twin"])
        #expect(ids("http://a/bc/a.rpm", [root, inner]) == ["root"])
        #expect(ids("http://elsewhere/a.rpm", [root, inner]) == ["root"])
        #expect(ids("http://elsewhere/a.rpm", [inner]) == [])
    }

    private static func answer(_ change: [String: JSONValue], times: Int = 1) -> JSONValue {
        var package: [String: JSONValue] = [
            "name": "a", "version": "1:2-3", "arch": "noarch", "file": "a.rpm", "url": "http://example.org/a.rpm",
            "size": 1, "sha256": .string(String(repeating: "a", count: 64)), "depends": [],
        ]
        package.merge(change) { $1 }
        return ["base": .array(Array(repeating: .map(package), count: times)), "extras": [], "indexes": []]
    }

    @Test("what an index says of a package is checked")
    func answers() throws {
        let found = try RPMAnswer(Self.answer(["source": "b"])).resolution()
        #expect(found.base.first?.version == "1:2-3" && found.base.first?.source == "b")
        for change: [String: JSONValue] in [
            ["file": "../a.rpm"], ["file": ".."], ["file": "a/b.rpm"], ["file": ""], ["size": -1], ["sha256": "aa"],
            ["url": nil],
        ] {
            let error = #expect(throws: PackageError.self) { try RPMAnswer(Self.answer(change)).resolution() }
            #expect(error?.kind == .untrusted)
        }
        let twice = #expect(throws: PackageError.self) { try RPMAnswer(Self.answer([:], times: 2)).resolution() }
        #expect(twice?.kind == .unresolved)
    }

    @Test(
        "refusals become errors of one line",
        arguments: [
            ("unresolved", PackageError.Kind.unresolved), ("offline", .offline), ("network", .network), ("file", .file),
            ("untrusted", .untrusted), ("anything", .untrusted),
        ])
    func refusals(word: String, kind: PackageError.Kind) throws {
        let value: JSONValue = ["kind": .string(word), "subject": "a\u{1b}b", "reason": "x\ny http://u:p@h/"]
        let error = try #require(RPMAnswer.refusal(value))
        #expect(error.kind == kind && error.hint != nil)
        #expect(error.description.hasPrefix("cannot ") && error.description.contains("a\\x1bb"))
        #expect(!error.description.contains("\n") && !error.description.contains("u:p"))
    }
}
