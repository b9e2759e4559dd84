import Foundation
import TestSupport
import Testing

/// The first signal ends whatever computes or reads, at once, and nothing is left behind.
@Suite(.enabled(if: Requirements.tools("git", "timeout", "sh", "mkfifo"))) struct SignalTests {
    /// Commands that never end by themselves.
    static let endless = [
        "cat /dev/zero | RUN lfs clean x", "RUN lfs smudge x <pipe", "RUN lfs pointer --stdin <pipe",
        "RUN import pipe demo",
        "RUN lfs pre-push o u <pipe",
    ]

    @Test(arguments: endless, ["INT", "TERM"])
    func theFirstSignalEndsTheCommand(_ command: String, _ signal: String) async throws {
        try await Project.with(isRepository: false) { project in
            try project.write("Dockerfile", "FROM scratch\n")
            try project.write("cache-image.yml", "images:\n  demo: {}\n")
            try await project.git("init", "-q", "-b", "main")
            try await project.sandbox.run("mkfifo", [project.path("pipe").string]).check()
            let program = Sandbox.products.appending("cache-image").string
            // The pipe has a writer that says nothing.
            // What does not end by itself is killed, which shows in the status.
            let run = "timeout --preserve-status -s \(signal) -k 5 1 \(program)"
            let script = "exec 9<>pipe; " + command.replacing("RUN", with: run)
            let result = try await project.sandbox.run("sh", ["-c", script], in: project.folder)
            #expect(result.status == (signal == "INT" ? 130 : 143), "\(command): \(result.error)")
            let left = try await project.sandbox.run(
                "find", [".", "-name", ".tmp-*", "-o", "-path", "*/lfs/tmp/*"], in: project.folder)
            #expect(left.output == "", "\(command)")
        }
    }
}
