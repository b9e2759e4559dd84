import Foundation
import JSON
import SystemPackage
import TestSupport
import Testing

/// A whole build from the machine's Debian mirror, and what each cache saves of the next ones.
///
/// It needs root.
@Suite(.enabled(if: getuid() == 0 && Requirements.tools("mmdebstrap", "podman"))) struct ComposerBuildTests {
    /// Runs a build whose caches lie on a tmpfs, and gives its report.
    private static func build(
        _ sandbox: Sandbox, _ folder: String, _ words: [String], after prefix: [String] = [], status: Int32 = 0
    ) async throws -> (report: JSONValue, result: CommandResult) {
        let program = Sandbox.products.appending("image-composer").string
        let line =
            prefix + [program, "build", "--json", "--cache-dir", folder + "/cache", "--work-dir", folder + "/work"]
            + words
        let result = try await sandbox.run(line[0], Array(line.dropFirst())).check(status)
        return (status == 0 ? try JSONValue(parsing: result.outputBytes) : .null, result)
    }

    @Test func eachCacheSavesItsPart() async throws {
        try await Sandbox.with { sandbox in
            let folder = "/dev/shm/composer-test-\(UInt64.random(in: 0 ... .max))"
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let text = ComposerCommandTests.template.replacingOccurrences(
                of: "{type: tar}", with: "{type: tar}, {type: docker-archive}")
            try sandbox.write("edge.yml", text)
            let first = try await Self.build(sandbox, folder, ["edge.yml"]).report
            let total = try #require(first["packages"]?["total"]?.integer)
            #expect(total > 50 && first["packages"]?["downloaded"]?.integer == total)
            #expect(first["imageCache"]?["hit"] == false)
            let digest = try #require(first["rootfs"]?["sha256"]?.string)
            #expect(try sandbox.text("edge.lock.json").contains("\"name\":\"less\""))

            // The same again, without a network: a copy of the finished image.
            let hit = try await Self.build(
                sandbox, folder, ["--output", sandbox.root.string, "edge.yml"], after: ["unshare", "-n"]
            ).report
            #expect(hit["imageCache"]?["hit"] == true)
            let outputs = try #require(hit["outputs"]?.array).compactMap { $0["path"]?.string }
            #expect(outputs.count == 2 && outputs.allSatisfy { $0.hasPrefix(sandbox.root.string + "/") })
            let archive = try #require(
                outputs.first { !$0.hasSuffix("rootfs.tar") && $0.contains("docker") } ?? outputs.last)
            let loaded = try await sandbox.run("skopeo", ["inspect", "--raw", "docker-archive:" + archive]).check()
            #expect(loaded.output.contains("layers"))

            // One package more: the earlier root file system and that package.
            try sandbox.write("edge.yml", text.replacingOccurrences(of: "[less]", with: "[less, tree]"))
            let more = try await Self.build(sandbox, folder, ["edge.yml"]).report
            #expect(more["packages"]?["downloaded"] == 1)
            #expect(more["rootfs"]?["origin"]?.string?.contains("tree") == true)
            #expect(more["imageCache"]?["causes"]?.array?.contains("systemConfig.packages: + tree") == true)
            let grown = try #require(more["rootfs"]?["sha256"]?.string)

            // The same from scratch, offline, with one package damaged: it is named, and nothing is fetched.
            let cache = folder + "/cache/pkgCache/debian-bookworm-amd64/"
            let name = try #require(
                try FileManager.default.contentsOfDirectory(atPath: cache).first { $0.hasPrefix("tree_") })
            let whole = try Data(contentsOf: URL(fileURLWithPath: cache + name))
            var flipped = whole
            flipped[flipped.count / 2] ^= 1
            try flipped.write(to: URL(fileURLWithPath: cache + name))
            let scratch = ["--no-image-cache", "--no-tree-cache", "--offline", "edge.yml"]
            let broken = try await Self.build(sandbox, folder, scratch, status: 5).result
            #expect(broken.error.contains(name))
            try whole.write(to: URL(fileURLWithPath: cache + name))
            let anew = try await Self.build(sandbox, folder, scratch, after: ["unshare", "-n"]).report
            #expect(anew["rootfs"]?["sha256"]?.string == grown && grown != digest)
            #expect(anew["chroot"]?.string?.hasPrefix("made") == true)

            let list = try await sandbox.run(
                "image-composer",
                ["cache", "list", "--json", "--cache-dir", folder + "/cache", "--work-dir", folder + "/work"])
            let usage = try JSONValue(parsing: try list.check().outputBytes)
            #expect(usage["images"]?.array?.count == 2)
            #expect(usage["packages"]?.array?.first?["count"]?.integer == total + 1)
        }
    }
}
