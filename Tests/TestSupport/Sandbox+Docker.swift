import Foundation
import SystemPackage

/// Docker daemons below a sandbox.
extension Sandbox {
    /// Runs `body` with the environment of a Docker daemon of its own, which is stopped by its pid.
    public func withDocker<Result>(
        _ name: String = "docker", _ body: ([String: String]) async throws -> Result
    ) async throws -> Result {
        let folder = path(name)
        try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: true)
        let command = """
            dockerd --iptables=false --bridge=none --exec-opt native.cgroupdriver=cgroupfs --data-root \(folder)/data \
            --exec-root \(folder)/exec -H unix://\(folder)/sock --pidfile \(folder)/pid >\(folder)/log 2>&1 & echo $!
            """
        let started = try await run("/bin/sh", ["-c", command], environment: ["HOME": folder.string])
        guard let pid = pid_t(started.lines.first ?? "") else { throw NotStarted(description: "\(started)") }
        var environment = environment
        environment["DOCKER_HOST"] = "unix://\(folder)/sock"
        for _ in 0..<100 {
            let answer = try await run("docker", ["version"], environment: ["DOCKER_HOST": environment["DOCKER_HOST"]])
            if answer.status == 0 { break }
            try await Task.sleep(for: .milliseconds(200))
        }
        defer {
            kill(pid, SIGTERM)
            for _ in 0..<100 where FileManager.default.fileExists(atPath: folder.string + "/pid") { usleep(100_000) }
        }
        return try await body(environment)
    }

    private struct NotStarted: Error, CustomStringConvertible {
        let description: String
    }
}
