import Foundation
import JSON
import SystemPackage
import TestSupport
import Testing

/// Rebuilds on machines that never built an image: which steps are run there.
@Suite(
    .serialized, .timeLimit(.minutes(10)), .tags(.engine, .slow),
    .enabled(if: Requirements.tools("git", "podman", "buildah", "docker", "dockerd")))
struct StepReuseTests {
    private static let dockerfile = """
        ARG BASE=localhost/base:1
        FROM $BASE
        COPY deps /deps
        RUN cat /deps && head -c 4000 /dev/urandom > /installed
        ENV GREETING=hello
        COPY app /app
        RUN cat /app /installed > /out
        CMD ["/bin/sh"]

        """
    private static let stages = """
        FROM localhost/base:1 AS builder
        COPY deps /deps
        RUN cat /deps && head -c 4000 /dev/urandom > /tool

        FROM localhost/base:1
        COPY --from=builder /tool /tool
        COPY app /app

        """

    private func count(_ made: JSONValue) -> [Int64?] { [made["stepsReused"]?.integer, made["steps"]?.integer] }

    @Test(arguments: Machine.Builder.allCases)
    func aFreshCloneRunsOnlyWhatChanged(_ builder: Machine.Builder) async throws {
        try await Machine.with(builder, ["a", "b"]) { machines in
            let (first, second) = (machines[0], machines[1])
            let made = try await first.start(dockerfile: Self.dockerfile)
            // BuildKit's steps are those that make layers.
            let all: Int64 = builder == .buildKit ? 4 : 6
            #expect(count(made) == [0, all], "\(made)")
            let before = try first.layers()
            let archive = try first.sandbox.read("a/docker-cache/demo-latest.tar")

            // The top layer: the step that installs is not run again, without registry and network.
            try await first.clone(to: second)
            try second.write("app", "second\n")
            let top = try await second.make(hasNetwork: false)
            #expect(top["action"] == "built" && count(top) == [all == 6 ? 3 : 2, all], "\(top)")
            #expect(try second.layers().prefix(4) == before.prefix(4))
            #expect(try second.layers()[4] != before[4])
            try await second.commit()
            let names = try await second.engine("images")
            #expect(!names.output.contains("cache-image.invalid/steps"), "\(names)")
            if builder.engine == "docker" { #expect(!names.output.contains("localhost/base"), "\(names)") }

            // The dependency layer: nothing above it is taken over.
            try second.write("deps", "two\n")
            let deps = try await second.make()
            #expect(count(deps) == [0, all], "\(deps)")
            #expect(try second.layers().prefix(2) == before.prefix(2))
            #expect(try second.layers()[3] != before[3])

            // Back again: both are nearer in Git's history than in the cache folder.
            try await second.run("git", ["checkout", "-q", "HEAD", "."]).check()
            try second.write("app", "third\n")
            let again = try await second.make()
            #expect(count(again) == [all == 6 ? 3 : 2, all], "\(again)")
            #expect(try second.layers().prefix(4) == before.prefix(4))

            // Nothing: all of them, and with them the same image.
            try await second.run("git", ["checkout", "-q", "HEAD~1", "."]).check()
            let none = try await second.make("build")
            #expect(count(none) == [all, all], "\(none)")
            if builder != .buildKit {
                #expect(try second.sandbox.read("b/docker-cache/demo-latest.tar") == archive)
            }
        }
    }

    @Test(arguments: [.podman, .legacy, .buildKit] as [Machine.Builder])
    func stepsOfOtherStagesAreKeptWhereAllAre(_ builder: Machine.Builder) async throws {
        try await Machine.with(builder, ["a", "b"]) { machines in
            let (first, second) = (machines[0], machines[1])
            _ = try await first.start(dockerfile: Self.stages, steps: "all")
            let before = try first.layers()
            try await first.clone(to: second)
            try second.write("app", "second\n")
            let top = try await second.make()
            #expect(count(top) == [3, 4], "\(top)")
            #expect(try second.layers().prefix(3) == before.prefix(3))
            try second.write("deps", "two\n")
            #expect(count(try await second.make()) == [0, 4])
        }
    }

    @Test func anotherEngineSaysThatItReusesNothingAndHasTheBaseImage() async throws {
        try await Machine.with(.podman, ["a"]) { machines in
            let first = machines[0]
            _ = try await first.start(dockerfile: Self.dockerfile)
            try await Machine.with(.legacy, ["b"]) { others in
                let second = others[0]
                try await second.sandbox.run("git", ["clone", "-q", first.sandbox.path("a").string, "b"]).check()
                try second.write("app", "second\n")
                let result = try await second.cacheImage("update").check()
                #expect(
                    result.error.contains(
                        "no step reuse with docker legacy: the steps of demo:latest were made by podman"),
                    "\(result)")
                #expect(result.lines.last?.hasPrefix("built demo:latest") == true)
            }
        }
    }

    @Test func stepsThatAreLostOrDamagedCostTimeOnly() async throws {
        try await Machine.with(.podman, ["a", "b"]) { machines in
            let (first, second) = (machines[0], machines[1])
            _ = try await first.start(dockerfile: Self.dockerfile)
            let place = "docker-cache/demo-latest.steps.tar"
            // The entry is fresh without them, and Git is not told.
            try await first.run("rm", [place]).check()
            #expect(try await first.cacheImage("status", "--exit-code").status == 0)
            #expect(try await first.make()["action"] == "current")
            #expect(try await first.run("git", ["status", "--porcelain"]).output == " D \(place)\n")
            try await first.run("git", ["checkout", "-q", place]).check()

            try await first.clone(to: second)
            try second.write(place, "nonsense")
            #expect(try await second.cacheImage("status", "--exit-code").status == 0)
            #expect(try await second.cacheImage("verify").status == 4)
            try second.write("app", "second\n")
            // The base image is lost, too, and there is no registry.
            _ = try await second.cacheImage("update", "--offline").check(13)
            // The object is fetched in the place of what is damaged.
            #expect(count(try await second.make()) == [3, 6])
        }
    }
}
