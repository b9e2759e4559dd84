import TestSupport
import Testing

/// `clean --engine-images`: images of older keys, and no others.
@Suite(.enabled(if: Requirements.tools("podman", "git")), .tags(.engine, .slow))
struct EngineImagesTests {
    @Test func onlyOurImagesOfOlderKeysGo() async throws {
        try await Project.with { project in
            func build(_ text: String) async throws -> String {
                try project.write("requirements.txt", text)
                try await project.cacheImage("update").check()
                return try await project.imageID()
            }
            let old = try await build("1\n")
            let tagged = try await build("2\n")
            try await project.podman("tag", tagged, "localhost/mine:1").check()
            let used = try await build("3\n")
            try await project.podman("create", "--name", "c", used, "true").check()
            let present = try await build("4\n")
            let strange =
                try await project.podman("build", "-q", "-t", "localhost/strange:1", "--target", "base", ".")
                .check().lines.last ?? ""
            try await project.podman("untag", strange).check()

            let dry = try await project.cacheImage("clean", "--engine-images", "--dry-run").check()
            #expect(
                dry.output == "would remove image \(old.prefix(12)): it is of an older key, without a name\n", "\(dry)")
            let done = try await project.cacheImage("clean", "--engine-images").check()
            #expect(
                done.output == "removed image \(old.prefix(12)): it is of an older key, without a name\n", "\(done)")
            for (id, isThere) in [(old, false), (tagged, true), (used, true), (present, true), (strange, true)] {
                #expect(try await (project.podman("image", "exists", id).status == 0) == isThere, "\(id)")
            }
            // Without the flag the engine is not asked.
            try await project.podman("rm", "c").check()
            #expect(try await project.cacheImage("clean", "--dry-run").check().output == "")
            #expect(try await project.cacheImage("clean", "--engine-images").check().output.contains(used.prefix(12)))
            #expect(try await project.cacheImage("update").check().output.hasPrefix("current"))
        }
    }
}
