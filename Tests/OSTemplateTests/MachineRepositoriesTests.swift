import SystemPackage
import TestSupport
import Testing

@testable import OSTemplate

@Suite struct MachineRepositoriesTests {
    private static let keyring = "debian-archive-keyring.gpg"
    private static let provider = Provider(os: "debian", dist: "bookworm", arch: "amd64", family: .deb)

    private func shown(_ sandbox: Sandbox, dist: String = "bookworm", keyring: Bool = true) throws -> [String] {
        if keyring { try sandbox.write("usr/share/keyrings/\(Self.keyring)", "key") }
        let provider = Provider(os: "debian", dist: dist, arch: "amd64", family: .deb)
        return MachineRepositories.read(root: sandbox.root).repositories(for: provider, keyring: Self.keyring).map {
            let trust =
                switch $0.trust {
                case .keyring(let path): path.lastComponent?.string ?? ""
                case .url(let url): url
                case .unchecked: "unchecked"
                }
            return "\($0.url) \($0.codename) \($0.components.joined(separator: "+")) \(trust)"
        }
    }

    @Test(
        arguments: [
            ("deb http://a.example/debian bookworm main", ["http://a.example/debian bookworm main \(keyring)"]),
            (
                "deb http://a.example/debian/ bookworm main contrib # more\ndeb http://a.example/debian bookworm non-free\n",
                ["http://a.example/debian bookworm main+contrib+non-free \(keyring)"]
            ),
            (
                """
                deb http://a.example/debian bookworm main
                deb http://a.example/debian bookworm-updates main
                deb http://a.example/debian-security bookworm-security main
                deb http://a.example/debian bookworm-backports main
                deb-src http://a.example/debian bookworm main
                """,
                [
                    "http://a.example/debian bookworm main \(keyring)",
                    "http://a.example/debian bookworm-updates main \(keyring)",
                    "http://a.example/debian-security bookworm-security main \(keyring)",
                ]
            ),
            ("deb [arch=arm64] http://a.example/debian bookworm main", []),
            (
                "deb [ arch=arm64,amd64 trusted=yes ] http://a.example/debian bookworm main",
                ["http://a.example/debian bookworm main unchecked"]
            ),
            (
                "deb [signed-by=/k/own.gpg] http://a.example/debian bookworm main",
                ["http://a.example/debian bookworm main own.gpg"]
            ),
            ("deb [signed-by=/k/none.gpg] http://a.example/debian bookworm main", []),
            (
                "deb [signed-by=0123456789ABCDEF] http://a.example/d bookworm main",
                ["http://a.example/d bookworm main \(keyring)"]
            ),
            ("deb cdrom:[Debian]/ bookworm main\ndeb mirror+file:/x bookworm main\ndeb http://a.example/ ./\n", []),
            ("deb http://a.example/other stable main\n", []),
            (
                "# deb http://a.example/debian bookworm main\n  deb\tfile:///srv/d\tbookworm\tmain",
                ["file:///srv/d bookworm main \(keyring)"]
            ),
        ])
    func lines(_ text: String, _ expected: [String]) async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("k/own.gpg", "key")
            try sandbox.write("etc/apt/sources.list", text)
            #expect(try shown(sandbox) == expected)
        }
    }

    @Test func stanzas() async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("k/own.gpg", "key")
            try sandbox.write(
                "etc/apt/sources.list.d/debian.sources",
                """
                # a comment
                Types: deb deb-src
                URIs: http://a.example/debian
                Suites: bookworm
                 bookworm-updates
                Components: main
                # in between
                  contrib
                Signed-By: /k/own.gpg

                Types: deb
                URIs: http://a.example/security
                Suites: bookworm-security
                Components: main
                Signed-By:
                 -----BEGIN PGP PUBLIC KEY BLOCK-----
                 .
                 /abc
                 -----END PGP PUBLIC KEY BLOCK-----

                Types: deb
                Enabled: no
                URIs: http://off.example/debian
                Suites: bookworm
                Components: main

                Types: deb-src
                URIs: http://src.example/debian
                Suites: bookworm
                Components: main
                """)
            try sandbox.write("etc/apt/sources.list.d/x.list", "deb [trusted=yes] http://x.example/d bookworm main\n")
            try sandbox.write("etc/apt/sources.list.d/x.save", "deb [trusted=yes] http://no.example/d bookworm main\n")
            #expect(
                try shown(sandbox) == [
                    "http://a.example/debian bookworm main+contrib own.gpg",
                    "http://a.example/debian bookworm-updates main+contrib own.gpg",
                    "http://x.example/d bookworm main unchecked",
                ])
        }
    }

    @Test func anotherSuiteLendsItsAddress() async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write(
                "etc/apt/sources.list",
                """
                deb http://a.example/other tools main
                deb http://a.example/debian bookworm main
                deb http://a.example/debian bookworm-updates main
                deb http://a.example/security bookworm-security main
                """)
            #expect(
                try shown(sandbox, dist: "trixie") == [
                    "http://a.example/debian trixie main \(Self.keyring)",
                    "http://a.example/debian trixie-updates main \(Self.keyring)",
                    "http://a.example/security trixie-security main \(Self.keyring)",
                ])
            #expect(try shown(sandbox, dist: "tools") == ["http://a.example/other tools main \(Self.keyring)"])
        }
    }

    @Test func withoutAKeyNothingIsTrusted() async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("etc/apt/sources.list", "deb http://a.example/debian bookworm main\n")
            #expect(try shown(sandbox, keyring: false) == [])
        }
    }

    @Test func aTemplateTakesThemUnlessItNamesItsSuite() async throws {
        try await Trial.with { trial in
            let head = Trial.head
            try trial.sandbox.write("machine/etc/apt/sources.list", "deb http://a.example/debian bookworm main\n")
            #expect(try trial.load(head).repositories.isEmpty)
            #expect(throws: TemplateError.self) { try trial.load(head).checkRepositories() }
            let digest = try trial.load(head).specificationDigest()
            try trial.sandbox.write("machine/usr/share/keyrings/\(Self.keyring)", "key")
            let template = try trial.load(head)
            #expect(template.repositories.map(\.url) == ["http://a.example/debian"])
            #expect(template.declaredRepositories.isEmpty)
            #expect(try template.specificationDigest() == digest)
            try template.checkRepositories()
            let extra =
                "packageRepositories: [{codename: extra, url: \"http://b.example/\", pkey: \"[trusted=yes]\"}]\n"
            #expect(
                try trial.load(head + extra).repositories.map(\.url) == [
                    "http://a.example/debian", "http://b.example/",
                ])
            let own = extra.replacing("extra", with: "bookworm")
            #expect(try trial.load(head + own).repositories.map(\.url) == ["http://b.example/"])
        }
    }

    @Test func anErrorSaysWhatToWrite() async throws {
        try await Trial.with { trial in
            let template = try trial.load(Trial.head)
            do throws(TemplateError) {
                try template.checkRepositories()
                Issue.record("no error")
            } catch {
                #expect(error.description.contains("names no packageRepositories"))
                #expect(error.hint?.contains("write packageRepositories:") == true)
            }
        }
    }
}
