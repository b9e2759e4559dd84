import Foundation
import TestSupport
import Testing

/// What a signal to `run-tests` does to the test command, and what is left behind.
@Suite(.timeLimit(.minutes(5)), .enabled(if: Requirements.tools("podman", "git", "busybox"))) struct LevelSignalTests {
    private static let trap = """
        'for s in HUP INT QUIT TERM; do trap "echo got $s; exit 3" $s; done; echo ready; while :; do sleep 0.1; done'
        """

    private static let configuration = """
        engine: podman
        images: {demo: {target: base}}
        tests:
          levels:
            nap: {command: [sh, -c, \(trap)], network: none}
            deaf: {command: [sh, -c, 'trap "" TERM HUP; echo ready; while :; do sleep 0.1; done'], network: none}
            host: {on: host, command: [sh, -c, \(trap)]}

        """

    @Test(.tags(.engine, .slow)) func theSignalThatCameReachesTheTestCommandAndNothingIsLeft() async throws {
        try await Project.with { project in
            try project.write("cache-image.yml", Self.configuration)
            try await project.cacheImage("update").check()
            let program = Sandbox.products.appending("run-tests").string
            for (level, signal, status, said) in [
                ("nap", "HUP", 129, "got HUP"), ("nap", "QUIT", 131, "got QUIT"), ("nap", "TERM", 143, "got TERM"),
                ("deaf", "HUP", 129, "ready"), ("host", "TERM", 143, "got TERM"), ("host", "HUP", 129, "got HUP"),
            ] {
                // A file of its own: an engine may still write to that of the run before.
                let out = "out-\(level)-\(signal)"
                let script = """
                    \(program) \(level) >\(out) 2>&1 & pid=$!
                    for i in $(seq 300); do grep -q ready \(out) && break; sleep 0.1; done
                    kill -\(signal) $pid; wait $pid; echo $?
                    """
                let result = try await project.sandbox.run(
                    "sh", ["-c", script], in: project.folder,
                    environment: project.storeVariables("a").merging(["CACHE_IMAGE_TRUST": "1"]) { $1 })
                let output = try project.sandbox.text("\(project.folder)/\(out)")
                #expect(result.lines.last == "\(status)", "\(level) \(signal): \(result) \(output)")
                // The first that came is the one that was sent.
                let first = output.split(separator: "\n").first { $0.hasPrefix("got") } ?? "ready"
                #expect(first == said, "\(level) \(signal): \(output)")
                #expect(try await project.podman("ps", "-aq").check().lines == [], "\(level) \(signal)")
            }
        }
    }

    @Test(.tags(.engine, .slow)) func furtherSignalsLeaveNoContainerBehind() async throws {
        try await Project.with { project in
            try project.write("cache-image.yml", Self.configuration)
            try await project.cacheImage("update").check()
            let program = Sandbox.products.appending("run-tests").string
            for (number, pause) in ["0", "0.05", "0.2"].enumerated() {
                let script = """
                    \(program) deaf >out-\(number) 2>&1 & pid=$!
                    for i in $(seq 300); do grep -q ready out-\(number) && break; sleep 0.1; done
                    kill -TERM $pid; sleep \(pause); kill -TERM $pid; kill -TERM $pid; wait $pid; echo $?
                    """
                let result = try await project.sandbox.run(
                    "sh", ["-c", script], in: project.folder, environment: project.storeVariables("a"))
                #expect(result.lines.last == "143", "\(pause): \(result)")
                #expect(try await project.podman("ps", "-aq").check().lines == [], "\(pause)")
            }
        }
    }

    @Test(.tags(.engine)) func anEngineThatCannotStartTheCommandIsBlamedForTheLevel() async throws {
        try await Project.with { project in
            try project.write(
                "cache-image.yml",
                """
                engine: podman
                images: {demo: {target: base}}
                tests: {levels: {odd: {command: [sh], network: none, options: [--no-such-option]}}}

                """)
            let result = try await project.runTests("odd", environment: ["CACHE_IMAGE_TRUST": "1"])
            #expect(result.status == 125, "\(result)")
            #expect(result.error.contains("cannot run level odd in demo:latest: podman could not start"), "\(result)")
        }
    }
}
