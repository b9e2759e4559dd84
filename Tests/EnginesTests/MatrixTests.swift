import Archive
import Engines
import Foundation
import OCI
import SystemPackage
import TestSupport
import Testing

@Suite(
    .serialized, .timeLimit(.minutes(5)),
    .enabled(if: Requirements.tools("docker", "dockerd", "podman", "buildah", "skopeo", "busybox")))
struct MatrixTests {
    @Test func whatOneEngineBuildsEveryOtherLoadsRunsAndSavesTheSame() async throws {
        try await EngineFixture.with { fixture in
            try await fixture.withDocker { environment in
                let docker = try fixture.docker(environment)
                let builders: [(String, Engine)] = try [
                    ("podman", fixture.engine(.podman, store: "a")), ("buildah", fixture.engine(.buildah, store: "b")),
                    ("buildkit", docker), ("legacy", fixture.docker(environment, legacy: true)),
                ]
                let readers = try [
                    fixture.engine(.podman, store: "c"), fixture.engine(.buildah, store: "d"), docker,
                ]
                var trees: Set<String> = []
                for (label, builder) in builders {
                    let name = try ImageName("\(label):1")
                    let context = try fixture.context("context-\(label)")
                    try Data("x".utf8).write(to: URL(fileURLWithPath: context.string + "/.hidden"))
                    try Data("y".utf8).write(to: URL(fileURLWithPath: context.string + "/ü ñ"))
                    try FileManager.default.createSymbolicLink(
                        atPath: context.string + "/link", withDestinationPath: "data/hello")
                    try await fixture.sandbox.run(
                        "find", [context.string, "-exec", "touch", "-h", "-d", "@315532800", "{}", "+"])
                    let dockerfile = EngineFixture.dockerfile.replacingOccurrences(
                        of: "ONBUILD RUN true\n", with: "COPY . /all\n")
                    let request = try fixture.request(name.description, context: context, dockerfile: dockerfile)
                    let built = try await builder.build(request)
                    let path = fixture.sandbox.path("\(label).tar")
                    let saved = try await builder.save(built.id, as: name, to: path)
                    let inspected = try await fixture.sandbox.run("skopeo", ["inspect", "docker-archive:\(path)"])
                    #expect(inspected.status == 0, "\(inspected)")
                    for reader in readers {
                        let loaded = try await reader.load(LoadRequest(archive: path, name: name))
                        #expect(loaded.config == saved.config && loaded.bytesSent == saved.size)
                        let again = fixture.sandbox.path("again.tar")
                        #expect(
                            try await reader.save(loaded.id, as: name, to: again) == saved, "\(label) \(reader.name)")
                        try FileManager.default.removeItem(atPath: again.string)
                        let command = ["/bin/sh", "-c", "test \"$GREETING\" = hello -a -f /all/.hidden && exit 9"]
                        do {
                            let run = RunRequest(image: loaded.id, command: command)
                            #expect(try await reader.run(run) == 9)
                        } catch let error as EngineError {
                            Issue.record("\(error) \(error.lastLines)")
                        }
                        #expect(try await reader.image(named: name)?.id == loaded.id)
                    }
                    // What the image holds, by name, mode, owner and content, whoever built it.
                    let out = fixture.sandbox.path("out-\(label)")
                    try FileManager.default.createDirectory(atPath: out.string, withIntermediateDirectories: true)
                    let script = """
                        cd /all && find . | sort | while read -r f; do stat -c '%n %a %u:%g %F' "$f"; done >/out/tree
                        cd /all && find . -type f | sort | while read -r f; do md5sum "$f"; done >>/out/tree
                        """
                    var run = RunRequest(image: "\(label):1", command: ["/bin/sh", "-c", script])
                    run.mounts = [.init(source: out, target: "/out")]
                    #expect(try await readers[0].run(run) == 0)
                    trees.insert(try fixture.sandbox.text("out-\(label)/tree"))
                }
                #expect(trees.count == 1, "\(trees)")
                #expect(trees.first?.contains("ü ñ") == true)
                #expect(trees.first?.contains("dockerignore") == false)
            }
        }
    }

    @Test func theToolsThemselvesLoadOurArchive() async throws {
        try await EngineFixture.with { fixture in
            try await fixture.withDocker { environment in
                let name = try ImageName("tiny:1")
                let podman = try fixture.engine(.podman, store: "a")
                let built = try await podman.build(fixture.request("tiny:1", context: fixture.context("context")))
                let path = fixture.sandbox.path("tiny.tar").string
                _ = try await podman.save(built.id, as: name, to: FilePath(path))
                let other = try fixture.engine(.podman, store: "b")
                let variables = other.environment.mapValues { Optional($0) }
                try await fixture.sandbox.run("podman", ["load", "-i", path], environment: variables).check()
                #expect(try await other.image(named: name)?.id == built.id)
                let dockerVariables = environment.mapValues { Optional($0) }
                try await fixture.sandbox.run("docker", ["load", "-i", path], environment: dockerVariables).check()
                #expect(try await fixture.docker(environment).image(named: name)?.id == built.id)
            }
        }
    }
}
