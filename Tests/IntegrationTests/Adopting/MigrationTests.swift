import Foundation
import TestSupport
import Testing

/// A repository with scripts that keep `docker-cache/NAME-TAG.tar` and an `.md5` of some files.
@Suite(.enabled(if: Requirements.tools("podman", "git")), .tags(.engine)) struct MigrationTests {
    private static let attributes = """
        docker-cache/*.tar filter=lfs diff=lfs merge=lfs -text
        *.bin filter=lfs diff=lfs merge=lfs -text

        """

    private static let cacheScript = """
        #!/bin/sh
        # Builds, saves and loads the image, unless the hash of its files is the old one.
        set -eu
        ROOT=$(cd "$(dirname "$0")/.." && pwd)
        IMAGE=shop-tests TAG=1
        FILE=$ROOT/docker-cache/$IMAGE-$TAG
        hash() { cat "$ROOT/Dockerfile" "$ROOT/requirements.txt" | md5sum; }
        if [ "$(hash)" != "$(cat "$FILE.md5")" ]; then
            podman build --isolation chroot --target test -t "$IMAGE:$TAG" "$ROOT"
            podman save -o "$FILE.tar" "$IMAGE:$TAG"
            hash >"$FILE.md5"
        fi
        podman load -q -i "$FILE.tar"

        """

    private static let testScript = """
        #!/bin/sh
        set -eu
        "$(dirname "$0")/cache-shop-image.sh" >/dev/null
        exec podman run --rm shop-tests:1 cat src/main.txt installed.txt

        """

    /// A project whose scripts have run once, and whose archive was committed as it is.
    private func with(_ body: (Project) async throws -> Void) async throws {
        try await Project.withoutConfiguration { project in
            try project.write("bin/cache-shop-image.sh", Self.cacheScript, permissions: 0o755)
            try project.write("bin/run-tests", Self.testScript, permissions: 0o755)
            try await project.cacheImage(
                "build", "--name", "shop-tests", "--tag", "1", "--target", "test", "--no-stage"
            ).check()
            try FileManager.default.removeItem(atPath: project.path("docker-cache").string)
            try FileManager.default.createDirectory(
                atPath: project.path("docker-cache").string, withIntermediateDirectories: true)
            try await project.podman(
                "save", "-q", "-o", project.path("docker-cache/shop-tests-1.tar").string, "shop-tests:1"
            ).check()
            let hash = try await project.sandbox.run(
                "sh", ["-c", "cat Dockerfile requirements.txt | md5sum >docker-cache/shop-tests-1.md5"],
                in: project.folder)
            try hash.check()
            try project.write(".gitattributes", Self.attributes)
            try await project.commit("The old kind")
            try await body(project)
        }
    }

    @Test func theArchiveIsTakenOverAndTheRestKept() async throws {
        try await with { project in
            let id = try await project.imageID("localhost/shop-tests:1")
            let shown = try await project.cacheImage("init", "--dry-run").check()
            #expect(shown.output.contains("import docker-cache/shop-tests-1.tar as shop-tests:1"))
            #expect(shown.output.contains("note: bin/run-tests is not of cache-image init, and stays"))
            #expect(shown.output.contains("note: .gitattributes:1 stays: docker-cache/*.tar filter=lfs"))
            #expect(shown.output.contains("bin/cache-shop-image.sh:9 calls `build`: cache-image update does that"))

            let done = try await project.cacheImage("init", "--yes", store: "b").check()
            #expect(Project.words(done)[0] == "saved" && Project.words(done)[1] == "shop-tests:1", "\(done)")
            let attributes = try project.sandbox.text("project/.gitattributes")
            #expect(attributes.hasPrefix(Self.attributes) && attributes.contains("merge=binary -text"))
            #expect(try await project.cacheImage("status").check().output.hasPrefix("fresh shop-tests:1 "))
            #expect(
                try await project.git("show", ":docker-cache/shop-tests-1.tar").output.hasPrefix(
                    "version https://git-lfs"))
            #expect(try await project.cacheImage("init", "--yes").check().output.hasPrefix("unchanged"))
            try await project.git("commit", "-q", "-m", "Adopt")
            #expect(try await project.gitStatus() == "")

            // A clone with an empty engine has the very image, and its tests.
            let bob = try await project.clone(as: "bob")
            #expect(try await bob.runTests("--frozen", "unit", store: "c").check().output == "hello\none\n")
            #expect(try await bob.imageID("localhost/shop-tests:1", store: "c") == id)
            // What it holds can be loaded by hand, as the scripts do.
            try await project.podman("load", "-q", "-i", "docker-cache/shop-tests-1.tar", store: "d").check()
            #expect(try await project.imageID("localhost/shop-tests:1", store: "d") == id)
        }
    }

    @Test func aDamagedArchiveIsBuiltAnew() async throws {
        try await with { project in
            let archive = try project.sandbox.read("project/docker-cache/shop-tests-1.tar")
            try project.sandbox.write(
                "project/docker-cache/shop-tests-1.tar", bytes: Array(archive.prefix(archive.count / 2)))
            let done = try await project.cacheImage("init", "--yes").check()
            #expect(done.error.contains("warning: shop-tests:1 was not taken over: "), "\(done)")
            #expect(try await Project.words(project.cacheImage("update").check())[0] == "built")
        }
    }

    @Test func anArchiveOfNoImageStays() async throws {
        try await with { project in
            try project.sandbox.write("project/docker-cache/else-9.tar", "nothing\n")
            try project.write("cache-image.yml", "images: {shop-tests: {tag: '1', target: test}}\n")
            let shown = try await project.cacheImage("init", "--dry-run").check()
            #expect(shown.output.contains("note: else-9.tar stays: no image is called else:9"))
        }
    }
}
