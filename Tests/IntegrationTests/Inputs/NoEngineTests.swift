import Foundation
import TestSupport
import Testing

/// A command with nothing to do starts no program: what the engine holds is read from its store, or asked at its socket.
@Suite(.enabled(if: Requirements.tools("git", "strace")), .tags(.engine)) struct NoEngineTests {
    /// The programs that `cache-image` starts, by their last component.
    private func started(
        _ project: Project, _ arguments: String..., environment: [String: String?] = [:]
    ) async throws -> [String] {
        let log = project.sandbox.path("started").string
        let program = Sandbox.products.appending("cache-image").string
        try await project.sandbox.run(
            "strace", ["-f", "-qq", "-e", "trace=execve", "-o", log, program] + arguments, in: project.folder,
            environment: try project.storeVariables("a").merging(environment) { $1 }
        ).check()
        return try project.sandbox.text("started").split(separator: "\n").compactMap { line in
            let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
            guard parts.count > 2, line.contains("= 0") else { return nil }
            return parts[1].split(separator: "/").last.map(String.init)
        }
    }

    @Test(.enabled(if: Requirements.tools("podman")))
    func aStoreThatHoldsTheImageIsOnlyRead() async throws {
        try await Project.with { project in
            try await project.cacheImage("update").check()
            try await project.commit("Cache the image")
            try await project.cacheImage("update").check()
            #expect(try await started(project, "update") == ["cache-image"])
            // The name is taken from the image.
            let image = try await project.imageID()
            try await project.podman("tag", image, "localhost/kept").check()
            try await project.podman("untag", "localhost/demo:latest").check()
            #expect(try await started(project, "update").contains("podman"))
            #expect(try await project.imageID() == image)
            #expect(try await started(project, "update") == ["cache-image"])
            try await project.podman("rmi", "--force", image).check()
            #expect(try await started(project, "update").contains("podman"))
            #expect(try await project.imageID() == image)
        }
    }
}
