import Foundation
import JSON
import TestSupport
import Testing

/// Machines that build in turn, and values that go back and forth.
@Suite(
    .serialized, .timeLimit(.minutes(10)), .tags(.engine, .slow),
    .enabled(if: Requirements.tools("git", "podman", "buildah", "docker", "dockerd")))
struct StepTeamTests {
    private static let dockerfile = """
        FROM localhost/base:1
        COPY extra /extra
        COPY deps /deps
        RUN cat /deps && head -c 4000 /dev/urandom > /installed
        COPY app /app
        CMD ["/bin/sh"]

        """

    @Test(arguments: [.podman, .buildah, .legacy] as [Machine.Builder])
    func aMachineReusesItsOwnStepsAndThoseOfAnotherAboveThem(_ builder: Machine.Builder) async throws {
        try await Machine.with(builder, ["z", "a", "b"]) { machines in
            let (zero, first, second) = (machines[0], machines[1], machines[2])
            try zero.write("extra", "one\n")
            _ = try await zero.start(dockerfile: Self.dockerfile)
            // The first builds all anew, on a base image that it has loaded.
            try await zero.clone(to: first)
            try first.write("extra", "two\n")
            #expect(try await first.make()["stepsReused"] == 0)
            try await first.commit()
            // The second changes what stands on a step of the first.
            try await first.clone(to: second)
            try second.write("deps", "two\n")
            #expect(try await second.make()["stepsReused"] == 1)
            try await second.commit()
            let layers = try second.layers()

            try await first.run("git", ["remote", "set-url", "origin", second.sandbox.path("b").string]).check()
            try await first.run("git", ["pull", "-q", "origin", "HEAD"]).check()
            try first.write("app", "second\n")
            let made = try await first.make()
            #expect(made["stepsReused"] == 3 && made["steps"] == 5, "\(made)")
            #expect(try first.layers().dropLast() == layers.dropLast())
            // Here they are found without being loaded.
            try first.write("app", "third\n")
            let again = try await first.make()
            #expect(again["stepsReused"] == 3 && again["bytesSent"] == 0, "\(again)")
            #expect(try first.layers().dropLast() == layers.dropLast())
        }
    }

    @Test func theImageBeforeStaysWithoutAName() async throws {
        try await Machine.with(.buildKit, ["a"]) { machines in
            let machine = machines[0]
            try machine.write("extra", "one\n")
            let before = try await machine.start(dockerfile: Self.dockerfile)["imageID"]?.string ?? ""
            try machine.write("app", "second\n")
            _ = try await machine.make()
            try await machine.engine("image", "inspect", before).check()
            // A build that was killed has left a name.
            try await machine.engine("tag", "demo:latest", "cache-image.invalid/steps:0123").check()
            try await machine.cacheImage("clean", "--engine-images").check()
            let names = try await machine.engine("images")
            #expect(names.output.contains("demo") && !names.output.contains("cache-image.invalid/steps"), "\(names)")
        }
    }

    /// Each takes something of which podman's own step cache sees no change.
    @Test(arguments: [
        "RUN --mount=type=bind,source=deps,target=/m cat /m > /o; head -c 4000 /dev/urandom > /r",
        "ARG V=1\nCOPY extra /d-$V/\nRUN head -c 4000 /dev/urandom > /r",
        "ARG V=1\nENV X=$V\nRUN echo $X > /o; head -c 4000 /dev/urandom > /r\nENV X=0",
    ])
    func aStepOfAnEarlierValueIsNotTaken(_ step: String) async throws {
        try await Machine.with(.podman, ["a"]) { machines in
            let machine = machines[0]
            try machine.write("extra", "x\n")
            let text = "FROM localhost/base:1\nRUN head -c 4000 /dev/urandom > /tool\n\(step)\nCOPY app /app\n"
            _ = try await machine.start(dockerfile: text)
            let before = try machine.layers()
            // The other value: what stands below it is reused.
            try machine.write("Dockerfile", text.replacingOccurrences(of: "V=1", with: "V=2"))
            try machine.write("deps", "two\n")
            let other = try await machine.make()
            // The words of ARG are the same.
            #expect(other["stepsReused"] == (step.hasPrefix("ARG") ? 2 : 1), "\(other)")
            let layers = try machine.layers()
            #expect(layers.prefix(3) == before.prefix(3) && layers[3] != before[3], "\(step)")
            try await machine.commit()
            // The engine has steps of both values now.
            try machine.write("app", "second\n")
            let made = try await machine.make()
            #expect(made["steps"] == other["steps"] && made["stepsReused"] != other["stepsReused"], "\(made)")
            #expect(try machine.layers().dropLast() == layers.dropLast(), "\(step)")
        }
    }
}
