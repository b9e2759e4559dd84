import Foundation
import Testing

@testable import Context
@testable import OSRecipe
@testable import Records

/// The template as it stands still for a build, and the lock file that a build writes.
@Suite struct StagingTests {
    private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    @Test func everythingThatCountsStandsStill() async throws {
        try await OSProject.with { (project) async throws in
            let image = try project.image()
            let staged = try project.stage(image)
            #expect(staged.image.inputs.key == image.inputs.key)
            try project.write("files/motd", "other\n")
            #expect(try text(staged.directory.string + "/files/motd") == "hello\n")
            #expect(try text(staged.template.string) == OSProject.template)
            let relocked = try staged.relocked()
            #expect(relocked.image.inputs.key == image.inputs.key)
            staged.remove()
            #expect(try FileManager.default.contentsOfDirectory(atPath: project.sandbox.path("stage").string) == [])
        }
    }

    @Test func whatChangedMeanwhileIsWhatCounts() async throws {
        try await OSProject.with { (project) async throws in
            let image = try project.image()
            try project.write("files/motd", "other\n")
            let staged = try project.stage(image)
            let now = try project.image()
            #expect(staged.image.inputs.key == now.inputs.key)
            #expect(staged.image.inputs.key != image.inputs.key)
        }
    }

    @Test(arguments: [nil, OSProject.lock(["curl": "7.88"])])
    func theLockOfABuildCountsAndIsKept(before: String?) async throws {
        try await OSProject.with(["os/edge.lock.json": before]) { (project) async throws in
            let staged = try project.stage(try project.image())
            let lock = OSProject.lock(["curl": "7.89"])
            try Data(lock.utf8).write(to: URL(fileURLWithPath: staged.lock.string))
            let made = try staged.relocked()
            #expect(made.image.isLocked && made.image.inputs.key != staged.image.inputs.key)
            #expect(made.image.inputs.marks.isEmpty)
            try made.keepLock()
            #expect(try text(project.root.string + "/os/edge.lock.json") == lock)
            #expect(try project.image().inputs.key == made.image.inputs.key)
            #expect(try project.image().inputs.record.template == made.image.inputs.record.template)
        }
    }
}
