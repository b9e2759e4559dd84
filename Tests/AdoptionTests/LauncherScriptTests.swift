import Foundation
import TestSupport
import Testing

@testable import Adoption

/// The scripts that an adopting repository gets, run by `sh`.
@Suite struct LauncherScriptTests {
    /// A name that no program of the machine has.
    private static let program = "sample-program"

    private func with(system: String = "Linux", _ body: (Sandbox, [String: String]) async throws -> Void) async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write(
                "repo/bin/sample-program", LauncherScript.text(Self.program, failure: 125), permissions: 0o755)
            try sandbox.write(
                "other/bin/sample-program", LauncherScript.text(Self.program, failure: 125), permissions: 0o755)
            try sandbox.write("tools/uname", "#!/bin/sh\necho \(system)\n", permissions: 0o755)
            let folders = ["tools", "repo/bin", "other/bin", "a b"].map { sandbox.path($0).string }
            try await body(sandbox, ["PATH": folders.joined(separator: ":") + ":/usr/bin:/bin"])
        }
    }

    @Test(arguments: ["a b/sample-program", "home/.local/bin/sample-program"])
    func theInstalledProgramIsFound(place: String) async throws {
        try await with { sandbox, variables in
            try sandbox.write(
                place, "#!/bin/sh\necho found \"$@\" \"${IFS-unset}\" | cat -A\nexit 7\n", permissions: 0o755)
            let result = try await sandbox.run(
                sandbox.path("repo/bin/sample-program").string, ["unit", "a  b"], environment: variables)
            #expect(result.status == 7 && result.output.hasPrefix("found unit a  b"), "\(result)")
        }
    }

    @Test(
        arguments: [
            ("Linux", "it is not installed", "apt install"), ("Darwin", "this is macOS", "podman machine"),
            ("MINGW64_NT-10.0", "this is Windows", "wsl --install"), ("CYGWIN_NT-10.0", "this is Windows", "wsl"),
            ("FreeBSD", "this is FreeBSD", "virtual machine"),
        ])
    func whereThereIsNoneTheNextStepIsNamed(system: String, reason: String, hint: String) async throws {
        try await with(system: system) { sandbox, variables in
            let result = try await sandbox.run(
                sandbox.path("repo/bin/sample-program").string, ["unit"], environment: variables)
            #expect(result.status == 125 && result.output.isEmpty)
            let lines = result.error.split(separator: "\n")
            #expect(
                lines.count == 2 && lines[0].hasPrefix("sample-program: cannot run sample-program: ")
                    && lines[0].contains(reason))
            #expect(lines[1].hasPrefix("hint: ") && lines[1].contains(hint))
        }
    }

    @Test(arguments: ["dash", "bash", "busybox"]) func everyShellReadsIt(shell: String) async throws {
        guard Requirements.tools(shell) else { return }
        try await with { sandbox, variables in
            let words = (shell == "busybox" ? ["sh"] : []) + [sandbox.path("repo/bin/sample-program").string]
            let result = try await sandbox.run(shell, words, environment: variables)
            #expect(result.status == 125 && result.error.contains("not installed"), "\(result)")
        }
    }
}
