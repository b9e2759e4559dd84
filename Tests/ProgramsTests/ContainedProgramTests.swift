import Foundation
import Programs
import TestSupport
import Testing

/// Nothing of a contained program stays, however it ends.
@Suite(.enabled(if: getuid() == 0)) struct ContainedProgramTests {
    private static func marked(_ mark: String) throws -> Int {
        let processes = try FileManager.default.contentsOfDirectory(atPath: "/proc")
        return processes.count { name in
            guard Int(name) != nil, let line = FileManager.default.contents(atPath: "/proc/\(name)/cmdline") else {
                return false
            }
            return String(decoding: line, as: UTF8.self).contains("sleep\0\(mark)")
        }
    }

    @Test func itsOutputAndStatusAreGiven() async throws {
        try await Sandbox.with { sandbox in
            let program = ContainedProgram(
                ["sh", "-c", "echo out; echo one >&2; printf two >&2; exit 3"], environment: sandbox.environment,
                view: [.noNetwork, .ownMounts])
            let result = try await program.run()
            #expect((result.status, result.text, result.errorText) == (3, "out\n", "one\ntwo"))
        }
    }

    @Test func whatItStartsEndsWithIt() async throws {
        try await Sandbox.with { sandbox in
            let program = ContainedProgram(
                ["sh", "-c", "sleep 61.25 & sleep 61.25 & exit 0"], environment: sandbox.environment)
            #expect(try await program.run().isSuccess)
            try await Task.sleep(for: .milliseconds(200))
            #expect(try Self.marked("61.25") == 0)
        }
    }

    @Test func aCancelledTaskEndsIt() async throws {
        try await Sandbox.with { sandbox in
            let program = ContainedProgram(
                ["sh", "-c", "sleep 61.5 & sleep 61.5"], environment: sandbox.environment)
            let task = Task { try await program.run() }
            for _ in 0..<500 where try Self.marked("61.5") < 2 { try await Task.sleep(for: .milliseconds(10)) }
            #expect(try Self.marked("61.5") >= 2)
            task.cancel()
            await #expect(throws: (any Error).self) { try await task.value }
            for _ in 0..<500 where try Self.marked("61.5") > 0 { try await Task.sleep(for: .milliseconds(10)) }
            #expect(try Self.marked("61.5") == 0)
        }
    }

    @Test func aProgramThatIsNotThereIsNamed() async throws {
        let error = await #expect(throws: ProgramError.self) {
            try await ContainedProgram(["no-such-program"], environment: ["PATH": "/usr/bin:/bin"]).run()
        }
        #expect(error?.program == "no-such-program")
    }
}
