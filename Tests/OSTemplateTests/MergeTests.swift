import SystemPackage
import Testing

@testable import OSTemplate

@Suite struct MergeTests {
    /// Extends `b.yml`, which has the head and what `lower` says.
    private func merged(_ trial: Trial, _ upper: String, over lower: String) throws -> OSTemplate {
        try trial.sandbox.write("b.yml", Trial.head + lower)
        return try trial.load("extends: b.yml\n" + upper)
    }

    @Test func scalarsAndMapsGoKeyByKey() async throws {
        try await Trial.with { trial in
            let template = try merged(
                trial,
                """
                image: {name: other}
                target: {dist: trixie}
                systemConfig: {hostname: up, kernel: {cmdline: quiet}}
                disk: {size: 2GiB}
                build: {cache: {use_image_cache: false}}
                """,
                over: """
                    systemConfig: {name: low, hostname: low, kernel: {cmdline: loud, version: "6"}}
                    disk: {name: low, size: 1GiB, partitions: [{id: a}]}
                    build: {cache: {use_image_cache: true, use_package_cache: true}}
                    """)
            #expect(template.name == "other")
            #expect(template.version == "1.0.0")
            #expect(template.provider.dist == "trixie")
            #expect(template.system.name == "low")
            #expect(template.system.hostname == "up")
            #expect(template.system.kernel.cmdline == "quiet")
            #expect(template.system.kernel.version == "6")
            #expect(template.disk.name == "low")
            #expect(template.disk.size == 2 << 30)
            #expect(template.disk.partitions.map(\.id) == ["a"])
            #expect(template.usesImageCache == false)
            #expect(template.usesPackageCache == true)
        }
    }

    @Test func listsHaveTheirOwnRules() async throws {
        try await Trial.with { trial in
            for name in ["one", "two", "three"] { try trial.sandbox.write(name, name) }
            let template = try merged(
                trial,
                """
                systemConfig:
                  packages: [c, a]
                  kernel: {packages: [k2]}
                  configurations: [{cmd: one}]
                  additionalFiles: [{local: three, final: /c}, {local: three, final: /a}]
                  users: [{name: b, groups: [y, x]}, {name: c}]
                disk: {artifacts: [{type: tar}], partitions: [{id: b}]}
                packageRepositories:
                  - {codename: two, url: "http://new/1", pkey: "[trusted=yes]"}
                  - {codename: two, url: "http://new/2", pkey: "[trusted=yes]"}
                  - {codename: three, url: "http://new/3", pkey: "[trusted=yes]"}
                """,
                over: """
                    systemConfig:
                      packages: [a, b]
                      kernel: {packages: [k1]}
                      configurations: [{cmd: one}]
                      additionalFiles: [{local: one, final: /a}, {local: two, final: /b}]
                      users: [{name: a}, {name: b, sudo: true, groups: [x, z], shell: /bin/sh}]
                    disk: {artifacts: [{type: raw}], partitions: [{id: a}, {id: c}]}
                    packageRepositories:
                      - {codename: one, url: "http://old/1", pkey: "[trusted=yes]"}
                      - {codename: two, url: "http://old/2", pkey: "[trusted=yes]"}
                      - {codename: two, url: "http://old/3", pkey: "[trusted=yes]"}
                    """)
            let system = template.system
            #expect(system.packages == ["a", "b", "c"])
            #expect(system.kernel.packages == ["k2"])
            #expect(system.configurations == ["one", "one"])
            #expect(system.additionalFiles.map(\.final) == ["/a", "/b", "/c"])
            #expect(system.additionalFiles.map { $0.local.lastComponent?.string } == ["three", "two", "three"])
            #expect(system.users.map(\.name) == ["a", "b", "c"])
            #expect(system.users[1].groups == ["x", "z", "y"])
            #expect(system.users[1].sudo)
            #expect(system.users[1].shell == "/bin/sh")
            #expect(template.disk.artifacts == [.init(.tar)])
            #expect(template.disk.partitions.map(\.id) == ["b"])
            #expect(
                template.declaredRepositories.map(\.url) == [
                    "http://old/1", "http://new/1", "http://new/2", "http://new/3",
                ])
        }
    }

    @Test func nothingLeavesWhatIsBelow() async throws {
        try await Trial.with { trial in
            let template = try merged(
                trial, "systemConfig:\n  packages:\n  hostname: ~\n",
                over: "systemConfig: {packages: [a], hostname: b}\n")
            #expect(template.system.packages == ["a"])
            #expect(template.system.hostname == "b")
        }
    }

    @Test func pathsBeginAtTheFileThatNamesThem() async throws {
        try await Trial.with { trial in
            try trial.sandbox.write("base/motd", "hello")
            try trial.sandbox.write("base/key.gpg", "key")
            try trial.sandbox.write(
                "base/b.yml",
                Trial.head + """
                    systemConfig: {additionalFiles: [{local: motd, final: /etc/motd}]}
                    packageRepositories: [{codename: x, url: "http://x/", pkey: key.gpg}]
                    """)
            try trial.sandbox.write("base/middle.yml", "extends: b.yml\n")
            let template = try trial.load("extends: base/middle.yml\n")
            #expect(template.localFiles.map { $0.lastComponent?.string } == ["motd", "key.gpg"])
            #expect(template.path == trial.sandbox.path("t.yml"))
        }
    }

    @Test func mistakesNameTheFileThatHoldsThem() async throws {
        try await Trial.with { trial in
            try trial.sandbox.write("base/b.yml", Trial.head + "systemConfig:\n  hostname: \"a b\"\n")
            let mistakes = try trial.mistakes("extends: base/b.yml\nsystemConfig: {name: \"a b\"}\n")
            #expect(mistakes.count == 2)
            #expect(mistakes.contains { $0.hasPrefix("b.yml:6: systemConfig.hostname") }, "\(mistakes)")
            #expect(mistakes.contains { $0.hasPrefix("2: systemConfig.name") }, "\(mistakes)")
        }
    }

    @Test(
        arguments: [
            ("extends: t.yml\n", "1: extends \"t.yml\" leads back to itself"),
            ("\nextends: x/../t.yml\n", "2: extends \"x/../t.yml\" leads back to itself"),
            ("extends: cycle.yml\n", "cycle.yml:1: extends \"t.yml\" leads back to itself"),
            ("extends: none.yml\n", "1: extends \"none.yml\": No such file"),
            ("extends: [a]\n", "1: extends has to be the path of a template, not a list"),
            ("extends: chain0.yml\n", "more than 8 templates extend each other"),
            ("extends: list.yml\n", "list.yml:1: a template is a map, not a list"),
            ("extends: .\n", "1: extends \".\": Is a directory"),
        ])
    func wrongChains(_ text: String, _ words: String) async throws {
        try await Trial.with { trial in
            try trial.sandbox.write("x/file", "")
            try trial.sandbox.write("cycle.yml", "extends: t.yml\n")
            try trial.sandbox.write("list.yml", "- a\n")
            for number in 0..<9 { try trial.sandbox.write("chain\(number).yml", "extends: chain\(number + 1).yml\n") }
            try trial.sandbox.write("chain9.yml", Trial.head)
            let mistakes = try trial.mistakes(text)
            #expect(mistakes.count == 1 && mistakes.first?.contains(words) == true, "\(mistakes)")
        }
    }

    @Test func eightTemplatesMayExtendEachOther() async throws {
        try await Trial.with { trial in
            for number in 0..<6 { try trial.sandbox.write("c\(number).yml", "extends: c\(number + 1).yml\n") }
            try trial.sandbox.write("c6.yml", Trial.head)
            #expect(try trial.load("extends: c0.yml\n").name == "edge")
        }
    }
}
