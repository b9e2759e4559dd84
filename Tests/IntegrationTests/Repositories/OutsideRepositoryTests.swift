import Foundation
import TestSupport
import Testing

@Suite(.enabled(if: Requirements.tools("podman", "git")), .tags(.engine)) struct OutsideRepositoryTests {
    @Test func anImageWithoutConfigurationOrRepositoryIsCached() async throws {
        try await Project.with(isRepository: false) { project in
            let built = try await project.cacheImage(
                "update", "--engine", "podman", "--name", "team/demo", "--tag", "1", "--target", "test",
                "--build-arg", "FLAVOUR=sour", in: "src",
                environment: ["CACHE_IMAGE_DOCKERFILE": "../Dockerfile", "CACHE_IMAGE_CONTEXT": ".."])
            #expect(Project.words(try built.check()).prefix(2) == ["built", "team/demo:1"])
            #expect(
                project.exists("docker-cache/team%2Fdemo-1.tar") || project.exists("src/docker-cache/team%2Fdemo-1.tar")
            )
        }
    }

    @Test func aRepositoryOfAnUnknownFormatIsAFolderLikeAnyOther() async throws {
        try await Project.with(isRepository: false) { project in
            try await project.git("init", "-q", "--object-format=sha256")
            try await project.commit("Start")
            let built = try await project.cacheImage("update").check()
            #expect(Project.words(built).prefix(2) == ["built", "demo:latest"])
            #expect(built.error.contains("only SHA-1 repositories can be read"))
            #expect(try await project.git("status", "--porcelain").output == "?? docker-cache/\n")
            #expect(try await Project.words(project.cacheImage("update").check())[0] == "current")
            try project.write("src/main.txt", "hallo\n")
            let status = try await project.cacheImage("status", "--exit-code")
            #expect(status.status == 3)
            #expect(status.output.contains("src/main.txt"))
            let files = try FileManager.default.contentsOfDirectory(atPath: project.path("docker-cache").string)
            #expect(!files.contains { $0.hasPrefix(".") })
        }
    }
}
