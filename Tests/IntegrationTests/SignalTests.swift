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

    /// Both `timeout` and an impatient user send more than one.
    @Test(arguments: ["0", "0.02", "0.15"])
    func aSecondSignalLeavesNoFileEither(after pause: String) async throws {
        try await Project.with(isRepository: false) { project in
            try await project.git("init", "-q", "-b", "main")
            let program = Sandbox.products.appending("cache-image").string
            // The filter has made its temporary file once there is one.
            let script = """
                mkfifo pipe; (head -c 1000000 /dev/zero; exec sleep 60) >pipe & writer=$!
                \(program) lfs clean x <pipe & filter=$!
                while [ -z "$(find .git/lfs/tmp -type f 2>/dev/null)" ]; do sleep 0.05; done
                kill $filter; sleep \(pause); kill $filter 2>/dev/null
                wait $filter; status=$?; kill $writer; exit $status
                """
            let result = try await project.sandbox.run("sh", ["-c", script], in: project.folder)
            #expect(result.status == 143, "\(result)")
            let left = try await project.sandbox.run("find", [".git/lfs/tmp", "-type", "f"], in: project.folder)
            #expect(left.output == "")
        }
    }
}
