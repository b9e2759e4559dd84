import Configuration
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import ImageCache

@Suite struct TrustStoreTests {
    private static func questions(_ sandbox: Sandbox, command: String = "a") throws -> [TrustQuestion] {
        try sandbox.write(
            "p/cache-image.yml",
            "images: {demo: }\ntests: {levels: {one: {on: host, command: [\(command)]}, two: {on: host, command: [b]}}}\n"
        )
        return try ProjectConfiguration.load(
            Overrides(), from: sandbox.path("p"), workTree: sandbox.path("p"), environment: [:]
        ).questions
    }

    private static func gate(
        _ sandbox: Sandbox, _ folder: String = "p/.git", _ mode: ProjectConfiguration.Trust = .asked,
        answer: Bool = false
    ) -> TrustGate {
        var events = CacheEvents()
        events.ask = { _ in answer }
        return TrustGate(folder: sandbox.path(folder), mode: mode, environment: sandbox.environment, events: events)
    }

    @Test func aYesIsRememberedForThisCloneAndTheseValues() async throws {
        try await Sandbox.with { sandbox in
            let questions = try Self.questions(sandbox)
            #expect(questions.count == 2)
            #expect(throws: CacheError.self) { try Self.gate(sandbox).require(questions) }
            try Self.gate(sandbox, answer: true).require([questions[0]])
            try Self.gate(sandbox).require([questions[0]])
            #expect(Self.gate(sandbox).open(questions).map(\.question) == [questions[1]])
            #expect(Self.gate(sandbox, "other/.git").open(questions).count == 2)
            let changed = Self.gate(sandbox).open(try Self.questions(sandbox, command: "rm, x"))
            #expect(changed.first?.earlier == questions[0].values)
            // Values that come back were trusted.
            try Self.gate(sandbox, answer: true).require(changed.map(\.question))
            try Self.gate(sandbox).require([questions[0]])
        }
    }

    @Test func theFlagRemembersAndTheVariableDoesNot() async throws {
        try await Sandbox.with { sandbox in
            let questions = try Self.questions(sandbox)
            try Self.gate(sandbox, "p/.git", .givenForThisRun).require(questions)
            #expect(Self.gate(sandbox).open(questions).count == 2)
            try Self.gate(sandbox, "p/.git", .given).require(questions)
            try Self.gate(sandbox).require(questions)
            try Self.gate(sandbox, "q").require([])
            try Self.gate(sandbox, "q", .given).require(questions)
            try Self.gate(sandbox).revoke()
            #expect(Self.gate(sandbox).open(questions).allSatisfy { $0.earlier == nil })
            try Self.gate(sandbox, "q").require(questions)
        }
    }

    @Test func aFileThatOthersCanWriteIsNotBelieved() async throws {
        try await Sandbox.with { sandbox in
            let questions = try Self.questions(sandbox)
            try Self.gate(sandbox, "p", .given).require(questions)
            let file = sandbox.path("home/.local/state/cache-image/trust").string
            try Self.gate(sandbox, "p").require(questions)
            try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: file)
            #expect(Self.gate(sandbox, "p").open(questions).count == 2)
            try sandbox.write("home/.local/state/cache-image/trust", "{\"trusted\": [{", permissions: 0o600)
            #expect(Self.gate(sandbox, "p").open(questions).count == 2)
            // A folder that cannot be made: the trust holds for this run.
            try FileManager.default.removeItem(atPath: sandbox.path("home/.local").string)
            try sandbox.write("home/.local", "no folder")
            let gate = Self.gate(sandbox, "p", .given)
            try gate.require(questions)
            #expect(gate.open(questions).isEmpty && Self.gate(sandbox, "p").open(questions).count == 2)
        }
    }
}
