import Foundation
import TestSupport

extension Project {
    /// A repository that knows nothing of this program: a Dockerfile with stages and its files.
    static func withoutConfiguration(_ body: (Project) async throws -> Void) async throws {
        try await Sandbox.withStores { sandbox in
            let project = Project(sandbox)
            try project.write("Dockerfile", dockerfile)
            try project.write("requirements.txt", "one\n")
            try project.write("src/main.txt", "hello\n")
            let busybox = Array(try Data(contentsOf: URL(fileURLWithPath: "/bin/busybox")))
            try sandbox.write("project/busybox", bytes: busybox, permissions: 0o755)
            try await project.git("init", "-q")
            try await project.commit("Start")
            try await body(project)
        }
    }

    /// Clones this repository beside it.
    func clone(as name: String) async throws -> Project {
        try await sandbox.run("git", ["clone", "-q", folder, name]).check()
        return Project(sandbox, folder: name)
    }
}
