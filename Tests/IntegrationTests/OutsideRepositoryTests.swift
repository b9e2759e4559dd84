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
}
