import TestSupport
import Testing

@testable import OSTemplate

@Suite struct PasswordTests {
    @Test func knownHash() {
        let hash = SHA512Crypt.hash(Array("Hello world!".utf8), salt: Array("saltstring".utf8))
        #expect(
            hash
                == "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1"
        )
    }

    @Test(.enabled(if: Requirements.tools("openssl")))
    func openSSLHasTheSameHashes() async throws {
        try await Sandbox.with { sandbox in
            let texts = [
                "a", "changeme", "pässword 語", String(repeating: "x", count: 63), String(repeating: "y", count: 64),
            ]
            let longer = [String(repeating: "z", count: 65), String(repeating: "ab", count: 100)]
            for (password, salt) in zip(
                texts + longer, ["a", "./09AZaz", "abcdefghijklmnop", "s", "tt", "u", "abcdefgh"])
            {
                let expected = try await sandbox.run(
                    "openssl", ["passwd", "-6", "-salt", salt, "-stdin"], input: Array(password.utf8)
                ).check().lines
                #expect([SHA512Crypt.hash(Array(password.utf8), salt: Array(salt.utf8))] == expected, "\(password)")
            }
        }
    }

    private func template(_ trial: Trial, _ user: String) throws -> OSTemplate {
        try trial.load(Trial.head + "systemConfig:\n  users:\n  - \(user)\n")
    }

    @Test func aPlainPasswordIsHashedTheSameEachTime() async throws {
        try await Trial.with { trial in
            let first = try template(trial, "{name: ann, password: \"hunter two\", hash_algo: sha512}")
            let hash = try #require(first.system.users.first?.passwordHash)
            #expect(PasswordHash.isHash(hash) && hash.hasPrefix("$6$"))
            #expect(try template(trial, "{name: ann, password: hunter two}").system.users.first?.passwordHash == hash)
            #expect(try template(trial, "{name: bob, password: hunter two}").system.users.first?.passwordHash != hash)
            #expect(!first.canonical.text.contains("hunter"))
            #expect(first.canonical.text.contains(hash))
            #expect(!"\(first)".contains("hunter"))
        }
    }

    @Test(
        arguments: [
            "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1",
            "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7",
            "$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW",
        ])
    func aFinishedHashStays(_ hash: String) async throws {
        try await Trial.with { trial in
            let read = try template(trial, "{name: ann, password: '\(hash)', hash_algo: bcrypt}")
            #expect(read.system.users.first?.passwordHash == hash)
        }
    }

    @Test func noPasswordLocksTheAccount() async throws {
        try await Trial.with { trial in
            for text in ["{name: ann}", "{name: ann, password: \"\"}", "{name: ann, password: ~}"] {
                let read = try template(trial, text)
                #expect(read.system.users.map(\.passwordHash) == [nil])
            }
        }
    }

    @Test(
        arguments: [
            "{name: ann, password: [hunter2]}", "{name: ann, password: {hunter2: hunter2}}",
            "{name: ann, password: \"hunter2\\n\"}", "{name: ann, password: $hunter2}",
            "{name: ann, password: $1$hunter2$hunter2hunter2hunter2hu}",
            "{name: ann, password: hunter2, hash_algo: md5}",
            "{name: 1, password: hunter2}", "{name: ann, password: hunter2, sudo: 3}",
            "{name: ann, password: hunter2, hash_algo: bcrypt}",
        ])
    func noMessageShowsAPassword(_ user: String) async throws {
        try await Trial.with { trial in
            let mistakes = try trial.mistakes(Trial.head + "systemConfig:\n  users:\n  - \(user)\n")
            #expect(!mistakes.isEmpty)
            #expect(!mistakes.contains { $0.contains("hunter") }, "\(mistakes)")
        }
    }
}
