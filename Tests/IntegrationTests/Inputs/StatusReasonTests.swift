import Foundation
import JSON
import TestSupport
import Testing

/// Reasons that are no change of the key: rule 54.
///
/// The entry is imported, so that no engine is needed.
@Suite(.enabled(if: Requirements.tools("git", "tar"))) struct StatusReasonTests {
    /// What is done to an entry, and the state and the reasons that follow.
    struct Damage: Sendable, CustomTestStringConvertible {
        let name: String
        let state: String
        let reasons: [String]
        let apply: @Sendable (Sandbox) throws -> Void
        var testDescription: String { name }

        init(
            _ name: String, _ state: String, _ reasons: [String], _ apply: @escaping @Sendable (Sandbox) throws -> Void
        ) {
            self.name = name
            self.state = state
            self.reasons = reasons
            self.apply = apply
        }

        static func remove(_ suffixes: String...) -> @Sendable (Sandbox) throws -> Void {
            { sandbox in
                for suffix in suffixes {
                    try FileManager.default.removeItem(atPath: sandbox.path("docker-cache/demo-latest" + suffix).string)
                }
            }
        }

        static func replace(_ suffix: String, _ old: String, by new: String) throws -> (Sandbox) throws -> Void {
            { sandbox in
                let name = "docker-cache/demo-latest" + suffix
                let text = try sandbox.text(name)
                try #require(text.contains(old))
                try sandbox.write(name, text.replacingOccurrences(of: old, with: new))
            }
        }

        static func write(_ suffix: String, _ text: String) -> @Sendable (Sandbox) throws -> Void {
            { try $0.write("docker-cache/demo-latest" + suffix, text) }
        }
    }

    static let conflict = "<<<<<<< ours\na\n=======\nb\n>>>>>>> theirs\n"
    static let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:"

    static let damages: [Damage] = [
        Damage("nothing", "fresh", []) { _ in },
        Damage("no entry", "missing", ["entry-missing"], Damage.remove(".tar", ".md5", ".inputs.json")),
        Damage("no archive", "missing", ["archive-missing"], Damage.remove(".tar")),
        Damage("a short archive", "corrupt", ["archive-size"], Damage.write(".tar", "short")),
        Damage(
            "a pointer to another archive", "corrupt", ["pointer-mismatch"],
            Damage.write(".tar", pointer + String(repeating: "a", count: 64) + "\nsize 9\n")),
        Damage("no record", "stale", ["record-missing"], Damage.remove(".inputs.json")),
        Damage("a record that is cut off", "stale", ["record-missing"], Damage.write(".inputs.json", "{\"algo\": ")),
        Damage("a record of older rules, and no sidecar", "stale", ["key-rules-changed"]) { sandbox in
            try Damage.replace(".inputs.json", "image-key/2", by: "image-key/1")(sandbox)
            try Damage.remove(".md5")(sandbox)
        },
        Damage("no sidecar", "stale", ["sidecar-missing"], Damage.remove(".md5")),
        Damage(
            "another sidecar", "stale", ["sidecar-mismatch"],
            Damage.write(".md5", String(repeating: "0", count: 32) + "\n")),
        Damage("a sidecar that is none", "stale", ["sidecar-mismatch"], Damage.write(".md5", "what\n")),
        Damage("a merge in the sidecar", "stale", ["conflict-markers"], Damage.write(".md5", conflict)),
        Damage("a merge in the record", "stale", ["conflict-markers"], Damage.write(".inputs.json", conflict)),
        Damage("archive and sidecar of a script", "stale", ["record-missing"], Damage.remove(".inputs.json")),
        Damage("another file and no sidecar", "stale", ["file-content-changed", "sidecar-missing"]) { sandbox in
            try sandbox.write("a", "2")
            try Damage.remove(".md5")(sandbox)
        },
    ]

    @Test(arguments: [("image-key/2", "image-key/3"), ("\"requires\": []", "\"requires\": [\"packs/1\"]")])
    func anEntryOfANewerProgramIsLeftAlone(old: String, new: String) async throws {
        try await Sandbox.with { (sandbox) async throws in
            let project = try await ImportedProject(sandbox)
            try await project.archive()
            try await project.import()
            try sandbox.write("a", "2")
            try Damage.replace(".inputs.json", old, by: new)(sandbox)
            let record = try sandbox.read("docker-cache/demo-latest.inputs.json")
            for verb in ["status", "list", "explain", "info", "verify", "update", "save", "build", "load"] {
                let refused = try await sandbox.run("cache-image", [verb, "demo"]).check(2)
                #expect(refused.error.contains("hint: upgrade cache-image"), "\(verb): \(refused.error)")
            }
            #expect(try sandbox.read("docker-cache/demo-latest.inputs.json") == record)
        }
    }

    @Test(arguments: ["ln -s /dev/zero", "mkfifo", "mkdir", "ln -s ../image.tar"])
    func whatIsNoFileInPlaceOfTheArchiveIsAFindingOfVerify(command: String) async throws {
        try await Sandbox.with { (sandbox) async throws in
            let project = try await ImportedProject(sandbox)
            try await project.archive()
            try await project.import()
            let archive = "docker-cache/demo-latest.tar"
            try await sandbox.run("sh", ["-c", "rm \(archive) && \(command) \(archive)"]).check()
            let verify = try await sandbox.run("cache-image", ["verify"])
            #expect(verify.status == 4, "\(verify)")
            #expect((verify.output + verify.error).contains("the archive cannot be read: "), "\(verify)")
            #expect(try await sandbox.run("cache-image", ["status", "--exit-code"]).status == 4)
        }
    }

    @Test(arguments: damages)
    func whatIsWrongWithAnEntryIsAReason(damage: Damage) async throws {
        try await Sandbox.with { (sandbox) async throws in
            let project = try await ImportedProject(sandbox)
            try await project.archive()
            try await project.import()
            try damage.apply(sandbox)
            let status = try await sandbox.run("cache-image", ["status", "--json"]).check()
            let document = try #require(try JSONValue(parsing: status.outputBytes).array?.first)
            #expect(document["state"]?.string == damage.state)
            #expect(
                document["reasons"]?.array?.compactMap { $0["reason"]?.string } == damage.reasons, "\(status.output)")
            #expect(
                try await sandbox.run("cache-image", ["status", "--exit-code"]).status
                    == (damage.state == "fresh" ? 0 : damage.state == "corrupt" ? 4 : 3))
        }
    }
}
