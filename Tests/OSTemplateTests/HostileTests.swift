import TestSupport
import Testing

@testable import OSTemplate

/// Templates that are made to take long, or much memory.
@Suite struct HostileTests {
    @Test func deepNestingIsRefused() async throws {
        try await Trial.with { trial in
            let deep = String(repeating: "[", count: 5000) + String(repeating: "]", count: 5000)
            let mistakes = try trial.mistakes(Trial.head + "metadata: \(deep)\n")
            #expect(mistakes.first?.contains("levels of nesting") == true)
        }
    }

    @Test func aliasesThatMultiplyAreRefused() async throws {
        try await Trial.with { trial in
            var text = "metadata:\n  a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
            for number in 1..<9 {
                let aliases = Array(repeating: "*a\(number - 1)", count: 10).joined(separator: ", ")
                text += "  a\(number): &a\(number) [\(aliases)]\n"
            }
            let mistakes = try trial.mistakes(Trial.head + text)
            #expect(mistakes.first?.contains("more than 100000 values") == true)
        }
    }

    @Test func hugeFilesAreRefused() async throws {
        try await Trial.with { trial in
            let text = Trial.head + "# " + String(repeating: "x", count: 2 << 20)
            let mistakes = try trial.mistakes(text)
            #expect(mistakes.count == 1)
        }
    }

    @Test func longListsTakeAMoment() async throws {
        try await Trial.with { trial in
            let users = (0..<10_000).map { "{name: u\($0)}" }.joined(separator: ", ")
            let urls = (0..<4000).map { "{codename: c\($0), url: \"http://a/\", pkey: \"[trusted=yes]\"}" }
            let text = """
                systemConfig: {users: [\(users)], packages: [\((0..<9000).map { "p\($0)" }.joined(separator: ","))]}
                packageRepositories: [\(urls.joined(separator: ", "))]
                """
            try trial.sandbox.write("b.yml", Trial.head + text)
            let start = ContinuousClock.now
            let mistakes = try trial.mistakes("extends: b.yml\n" + text)
            #expect(mistakes == ["2: systemConfig.users holds 10000 users [write 100 at most]"])
            #expect(ContinuousClock.now - start < .seconds(60), "it takes a second on a machine that does nothing else")
        }
    }

    @Test func textsThatAreNotUTF8AreRefused() async throws {
        try await Trial.with { trial in
            try trial.sandbox.write("t.yml", bytes: Array(Trial.head.utf8) + [0x61, 0x3A, 0xFF, 0x0A])
            #expect(trial.mistakes() == ["5: the line is not UTF-8 [correct the YAML of this file]"])
        }
    }

    @Test func controlCharactersAreNotPrinted() async throws {
        try await Trial.with { trial in
            for text in [
                "\"\\e[2J\": 1", "image: {\"\\u202E\": 1}", "target: {os: \"\\x07\"}", "disk: {size: \"\\r\"}",
            ] {
                let mistakes = try trial.mistakes("extends: b.yml\n\(text)\n")
                #expect(mistakes.allSatisfy { !$0.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x202E } })
            }
        }
    }

    @Test func changedBytesAreReadOrRefused() async throws {
        try await Trial.with { trial in
            try trial.sandbox.write("motd", "hello")
            let whole = Array(
                (Trial.head + """
                    disk:
                      size: 4GiB
                      artifacts: [{type: qcow2, compression: zstd}]
                      partitions:
                        - {id: boot, type: esp, flags: [esp], start: 1MiB, end: 513MiB, fsType: fat32, mountPoint: /boot}
                        - {id: root, start: 513MiB, end: "0", fsType: ext4, mountPoint: /}
                    packageRepositories:
                      - {codename: extra, url: "https://example.org/debian", pkey: "[trusted=yes]", priority: 9}
                    systemConfig:
                      packages: [vim, htop]
                      users: [{name: ann, sudo: true, groups: [video]}]
                      additionalFiles: [{local: motd, final: /etc/motd}]
                      configurations: [{cmd: echo one}]
                    """).utf8)
            var generator = SeededGenerator(seed: 18)
            var refused = 0
            for _ in 0..<150 {
                var bytes = whole
                for _ in 0..<Int.random(in: 1...3, using: &generator) {
                    let place = Int.random(in: 0..<bytes.count, using: &generator)
                    switch Int.random(in: 0..<3, using: &generator) {
                    case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
                    case 1: bytes.remove(at: place)
                    default: bytes.insert(bytes[Int.random(in: 0..<bytes.count, using: &generator)], at: place)
                    }
                }
                try trial.sandbox.write("t.yml", bytes: bytes)
                let mistakes = trial.mistakes()
                if !mistakes.isEmpty { refused += 1 }
                #expect(
                    mistakes.allSatisfy { !$0.unicodeScalars.contains { $0.value < 0x20 && $0 != "\t" } }, "\(mistakes)"
                )
            }
            #expect(refused > 30 && refused < 150)
        }
    }
}
