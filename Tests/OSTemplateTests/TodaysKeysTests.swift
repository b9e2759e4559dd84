import SystemPackage
import TestSupport
import Testing

@testable import OSTemplate

/// Keys that the OS Image Composer got later are known, and refused by name with their line.
@Suite struct TodaysKeysTests {
    private static let repository =
        "packageRepositories:\n- {codename: a, url: \"http://a/\", pkey: \"[trusted=yes]\", "

    @Test(
        arguments: [
            ("baseline: {mode: overlay}\n", 5, "baseline is not supported"),
            ("overlayPolicy: {conflictPolicy: fail}\n", 5, "overlayPolicy is not supported"),
            ("sbomPackageMetadata: [{name: a}]\n", 5, "sbomPackageMetadata is not supported"),
            ("disk:\n  selectionPolicy: {strategy: first}\n", 6, "disk.selectionPolicy is not supported"),
            (
                "disk:\n  extendLastPartitionToFillDisk: true\n", 6,
                "disk.extendLastPartitionToFillDisk is not supported"
            ),
            (repository + "packages: [a.deb]}\n", 6, "packageRepositories[].packages is not supported"),
            (
                repository + "insecureSkipVerify: true}\n", 6,
                "packageRepositories[].insecureSkipVerify is not supported"
            ),
            (
                "systemConfig:\n  additionalFiles:\n  - {local: t.yml, final: /a, stage: pre-initramfs}\n", 7,
                "systemConfig.additionalFiles[].stage is not supported"
            ),
        ])
    func refused(_ text: String, _ line: Int, _ message: String) async throws {
        try await Trial.with { trial in
            let mistakes = try trial.mistakes(Trial.head + text)
            #expect(mistakes.count == 1 && mistakes[0].hasPrefix("\(line): \(message) ["), "\(mistakes)")
            #expect(mistakes.first?.hasSuffix("[]") == false)
        }
    }

    @Test(
        arguments: [
            "baseline:\n", "disk: {extendLastPartitionToFillDisk: false}\n",
            "systemConfig:\n  additionalFiles: [{local: t.yml, final: /a, stage: \"\"}]\n",
            repository + "insecureSkipVerify: false}\n",
        ])
    func whatAsksForNothingIsAccepted(_ text: String) async throws {
        try await Trial.with { trial in
            let mistakes = try trial.mistakes(Trial.head + text)
            #expect(mistakes == [])
        }
    }

    @Test func aPasswordOfAnAddressIsInNoMessage() async throws {
        try await Trial.with { trial in
            let text = Self.repository.replacing("http://a/", with: "https://me:hunter2@a/ b") + "}\n"
            let mistakes = try trial.mistakes(Trial.head + text)
            #expect(mistakes.count == 1 && !mistakes.joined().contains("hunter2"), "\(mistakes)")
        }
    }
}

/// Sources of other vendors on the machine.
@Suite struct OtherVendorTests {
    private func urls(_ text: String) async throws -> [String] {
        try await Sandbox.with { sandbox in
            try sandbox.write("usr/share/keyrings/debian-archive-keyring.gpg", "key")
            try sandbox.write("k/own.gpg", "key")
            try sandbox.write("etc/apt/sources.list", text)
            let provider = Provider(os: "debian", dist: "bookworm", arch: "amd64", family: .deb)
            return MachineRepositories.read(root: sandbox.root)
                .repositories(for: provider, keyring: "debian-archive-keyring.gpg").map(\.url)
        }
    }

    @Test func theyAreLeftOut() async throws {
        let signer = "[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]"
        let own = "deb \(signer) http://a.example/debian bookworm main\n"
        let others = """
            deb [signed-by=/k/own.gpg] http://vendor.example/debian bookworm stable
            deb [trusted=yes] http://unchecked.example/debian bookworm main

            """
        #expect(try await urls(own + others) == ["http://a.example/debian"])
        let plain = "deb http://a.example/debian bookworm main\n"
        #expect(try await urls(others + plain) == ["http://a.example/debian"])
    }

    @Test func aMirrorWithAKeyOfItsOwnIsTaken() async throws {
        let mirror = "deb [signed-by=/k/own.gpg] http://mirror.example/debian bookworm main\n"
        #expect(try await urls(mirror) == ["http://mirror.example/debian"])
    }

    @Test(arguments: ["url: \"https://me:secret@a/\"", "url: \"http://a/\", pkey: \"https://token@a/key\""])
    func aLoginStaysOutOfTheLockFile(_ keys: String) async throws {
        try await Trial.with { trial in
            let pkey = keys.contains("pkey") ? "" : ", pkey: \"[trusted=yes]\""
            let mistakes = try trial.mistakes(Trial.head + "packageRepositories:\n- {codename: a, \(keys)\(pkey)}\n")
            #expect(mistakes.count == 1 && mistakes[0].contains("holds a login"), "\(mistakes)")
            #expect(mistakes.first?.contains("secret") == false)
        }
    }
}
