import Foundation
import Glibc
import Programs
import Synchronization
import SystemPackage
import TestSupport
import Testing

/// Programs are found, run and ended.
@Suite struct ChildProgramTests {
    private func shell(_ script: String, in folder: FilePath? = nil) throws -> ChildProgram {
        try ChildProgram("sh", ["-c", script], in: folder, environment: ["PATH": "/usr/bin:/bin", "X": "1=2"])
    }

    @Test func outputErrorsAndStatusComeBack() async throws {
        let result = try await shell("cat; echo \"$X\" $#; echo; echo ' ' >&2; echo no >&2; exit 3").run(
            input: Array("in\n".utf8))
        #expect(result.text == "in\n1=2 0\n\n")
        #expect(result.status == 3)
        #expect(result.complaint == "no")
        #expect(try await shell("kill -TERM $$").run().status == 143)
        #expect(try await shell("exit 2").run().complaint == "exit status 2")
    }

    @Test func outputAboveTheLimitIsAnErrorAndEndsTheProgram() async throws {
        await #expect(throws: ProgramError.self) { try await shell("cat /dev/zero").run(outputLimit: 1 << 16) }
    }

    @Test func theEnvironmentIsExactlyWhatIsGiven() async throws {
        let result = try await ChildProgram("/usr/bin/env", [], in: nil, environment: ["A": "1", "B": ""]).run()
        #expect(result.text.split(separator: "\n").sorted() == ["A=1", "B="])
    }

    @Test func relayedOutputComesByLinesAndEndsWithTheProgram() async throws {
        let pieces = Pieces()
        let script = "printf 'one\\ntw'; printf 'o\\rthree\\n' >&2; sleep 60 & printf question; exit 4"
        let status = try await shell(script).runInForeground(readsInput: false) { pieces.add($0) }
        #expect(status == 4)
        #expect(pieces.text == "one\ntwo\rthree\nquestion")
        #expect(pieces.list.dropLast().allSatisfy { $0.last == 0x0A || $0.last == 0x0D })
    }

    private final class Pieces: Sendable {
        private let pieces = Mutex<[[UInt8]]>([])
        var list: [[UInt8]] { pieces.withLock { $0 } }
        var text: String { String(decoding: list.joined(), as: UTF8.self) }
        func add(_ piece: [UInt8]) { pieces.withLock { $0.append(piece) } }
    }

    @Test func pathsAreSeenFromTheFolder() async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("sub/tool", "#!/bin/sh\npwd\n", permissions: 0o755)
            let program = try ChildProgram("./tool", [], in: sandbox.path("sub"), environment: [:])
            #expect(try await program.run().text.hasSuffix("/sub\n"))
            try sandbox.write("sub/script", "no program\n")
            let script = try ChildProgram("./script", [], in: sandbox.path("sub"), environment: [:])
            await #expect(throws: ProgramError.self) { try await script.run() }
        }
        #expect(throws: ProgramError.self) {
            try ChildProgram("no-such-program", [], in: nil, environment: ["PATH": "/usr/bin"])
        }
    }

    /// A script's text and mode, and why it does not run.
    private static let scripts = [
        (
            "#!/bin/sh\r\necho hi\r\n", 0o755,
            "its first line ends in CR LF, so its interpreter would be /bin/sh\\r; save it with LF"
        ),
        ("#! /no/such/shell -e\n", 0o755, "its interpreter /no/such/shell is not there"),
        ("#!/bin/sh\n", 0o644, "it is not executable (chmod +x "),
    ]

    @Test(arguments: scripts)
    func aScriptThatCannotBeStartedSaysWhy(text: String, permissions: Int, reason: String) async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("tool", text, permissions: permissions)
            let program = try ChildProgram("./tool", [], in: sandbox.root, environment: [:])
            let error = await #expect(throws: ProgramError.self) { _ = try await program.runInForeground() }
            #expect(error?.reason.hasPrefix(reason) == true, "\(String(describing: error))")
            #expect(error?.program == "./tool")
        }
    }

    @Test func theFirstFileThatMayBeRunIsFound() async throws {
        try await Sandbox.with { sandbox in
            try FileManager.default.createDirectory(
                atPath: sandbox.path("a/tool").string, withIntermediateDirectories: true)
            try sandbox.write("b/tool", "", permissions: 0o644)
            try sandbox.write("c/tool", "", permissions: 0o755)
            try FileManager.default.createDirectory(atPath: sandbox.path("d").string, withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(
                atPath: sandbox.path("d/tool").string, withDestinationPath: "../c/tool")
            let folders = ["a", "b", "", "none", "d", "c"].map { $0.isEmpty ? "" : sandbox.path($0).string }
            let path = folders.joined(separator: ":")
            #expect(ProgramSearch.find("tool", environment: ["PATH": path]) == sandbox.path("d/tool"))
            #expect(ProgramSearch.find("tool", environment: ["PATH": "c:."]) == nil)
            for name in ["", ".", "..", "../c/tool", "/bin/sh"] {
                #expect(ProgramSearch.find(name, environment: ["PATH": path]) == nil)
            }
            #expect(ProgramSearch.find("sh", environment: [:]) != nil)
        }
    }

    @Test func blockingWorkRunsOnAThreadOfItsOwnWhereABrokenPipeIsAnError() async throws {
        let code = try await onOwnThread {
            var ends: [Int32] = [0, 0]
            pipe(&ends)
            close(ends[0])
            let count = write(ends[1], "x", 1)
            let code = errno
            close(ends[1])
            return count < 0 ? code : 0
        }
        #expect(code == EPIPE)
        struct Failure: Error {}
        await #expect(throws: Failure.self) { try await onOwnThread { throw Failure() } }
    }
}
