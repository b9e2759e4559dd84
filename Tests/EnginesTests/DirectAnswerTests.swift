import Foundation
import Hashing
import OCI
import SystemPackage
import TestSupport
import Testing

@testable import Engines

/// What is known without an engine's program: answers of its service, records of its store.
@Suite struct DirectAnswerTests {
    @Test func onlyAWholeAnswerCounts() throws {
        func answer(_ text: String) -> ServiceAnswer? { ServiceAnswer(Array(text.utf8)) }
        let whole = try #require(answer("HTTP/1.0 200 OK\r\nContent-Type: a\r\nContent-Length: 3\r\n\r\n{}\n"))
        #expect(whole.status == 200 && whole.body == Array("{}\n".utf8))
        #expect(answer("HTTP/1.1 404 Not Found\r\n\r\n")?.status == 404)
        for text in [
            "", "HTTP/1.0", "HTTP/1.0 200 OK\r\n", "SSH-2.0-x\r\n\r\n", "HTTP/1.0 OK\r\n\r\n",
            "HTTP/1.0 200 OK\r\nContent-Length: 4\r\n\r\n{}\n", "HTTP/1.0 200 OK\r\nno field\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        ] {
            #expect(answer(text) == nil, "\(text)")
        }
    }

    @Test func recordsTellTheImageOfAName() throws {
        let (one, two) = (String(repeating: "1", count: 64), String(repeating: "2", count: 64))
        func read(_ text: String) -> StoredNames? {
            try? StoredNames(parsing: Array(text.utf8), asking: ["localhost/a:1", "docker.io/library/a:1"])
        }
        let records = """
            [{"id":"\(one)","names":["localhost/b:1","localhost/a:1"],"flags":{"x":[1]}},
             {"id":"\(two)","digest":"sha256:0"},
             {"names":["docker.io/library/a:1"],"id":"\(two)","layer":"top","created":"now"}]

            """
        let names = try #require(read(records)).images
        #expect(names["localhost/a:1"] == .init(id: try #require(SHA256Digest(hexadecimal: one)), layer: nil))
        #expect(names["docker.io/library/a:1"]?.id == SHA256Digest(hexadecimal: two) && names.count == 2)
        #expect(names["docker.io/library/a:1"]?.layer == "top")
        for (layers, isThere) in [
            (#"[{"id":"base"},{"parent":"base","id":"top"}]"#, true), (#"[{"id":"base","parent":"top"}]"#, false),
            ("[]", false),
        ] {
            #expect(try StoredNames.lists("top", in: Array(layers.utf8)) == isThere, "\(layers)")
        }
        #expect(read("[]")?.images == [:])
        for text in [
            "", "{}", "[{\"id\":\"\(one)\"}", "[{\"id\":1}]x",
            #"[{"id":"\#(one)","names":["localhost/a:1"]},{"id":"\#(two)","names":["localhost/a:1"]}]"#,
        ] {
            #expect(read(text) == nil, "\(text)")
        }
    }

    @Test(.enabled(if: Requirements.tools("podman", "buildah")))
    func aStoreShowsWhatItHolds() async throws {
        try await EngineFixture.with { fixture in
            try await EngineFixture.smallArchive(in: fixture.sandbox)
            let name = try ImageName("tiny:1")
            for (store, dialect) in [("a", Dialect.podman), ("b", .buildah)] {
                let engine = try fixture.engine(dialect, store: store)
                let other = SHA256Digest(of: [1])
                #expect(try await !engine.storeHolds([other], as: name), "\(dialect)")
                let loaded = try await engine.load(
                    LoadRequest(archive: fixture.sandbox.path("small.tar"), name: name))
                #expect(try await engine.storeHolds([loaded.digest], as: name), "\(dialect)")
                #expect(try await !engine.storeHolds([other], as: name), "\(dialect)")
                #expect(try await !engine.storeHolds([loaded.digest], as: ImageName("tiny:2")), "\(dialect)")
                // Lost as after a crash: to the engine the image is corrupt.
                let layers = "store-\(store)/graph/overlay-layers/layers.json"
                let kept = try fixture.sandbox.read(layers)
                try fixture.sandbox.write(layers, "[]")
                #expect(try await !engine.storeHolds([loaded.digest], as: name), "\(dialect)")
                try fixture.sandbox.write(layers, bytes: kept)
                try await fixture.remove(loaded.id, from: engine)
                #expect(try await !engine.storeHolds([loaded.digest], as: name), "\(dialect)")
            }
        }
    }

    /// Its program would wait for the other end of the pipe.
    @Test(.enabled(if: Requirements.tools("podman", "buildah", "mkfifo")), .timeLimit(.minutes(5)))
    func aPipeInPlaceOfRecordsIsRefused() async throws {
        try await EngineFixture.with { fixture in
            try await EngineFixture.smallArchive(in: fixture.sandbox)
            let name = try ImageName("tiny:1")
            for (store, dialect) in [("a", Dialect.podman), ("b", .buildah)] {
                let engine = try fixture.engine(dialect, store: store)
                let request = LoadRequest(archive: fixture.sandbox.path("small.tar"), name: name)
                let loaded = try await engine.load(request)
                // Where the store is was asked before, as every update does.
                #expect(try await engine.storeHolds([loaded.digest], as: name), "\(dialect)")
                for file in ["overlay-images/images.json", "overlay-layers/layers.json"] {
                    let path = fixture.sandbox.path("store-\(store)/graph/\(file)").string
                    try FileManager.default.moveItem(atPath: path, toPath: path + ".kept")
                    try await fixture.sandbox.run("mkfifo", [path]).check()
                    let error = await #expect(throws: EngineError.self) { _ = try await engine.image(named: name) }
                    #expect(
                        error?.description == "cannot read the store of \(dialect): \(path): it is a named pipe")
                    #expect(try await !engine.storeHolds([loaded.digest], as: name))
                    try FileManager.default.removeItem(atPath: path)
                    try FileManager.default.moveItem(atPath: path + ".kept", toPath: path)
                }
                #expect(try await engine.storeHolds([loaded.digest], as: name), "\(dialect)")
            }
        }
    }

    @Test(.enabled(if: Requirements.tools("docker", "dockerd")))
    func aDaemonIsAskedAtItsSocket() async throws {
        try await EngineFixture.with { fixture in
            try await fixture.withDocker { environment in
                try await EngineFixture.smallArchive(in: fixture.sandbox)
                let engine = try fixture.docker(environment)
                let name = try ImageName("tiny:1")
                let loaded = try await engine.load(
                    LoadRequest(archive: fixture.sandbox.path("small.tar"), name: name))
                // The program would fail here.
                let mute = Engine(.docker, executable: "/bin/false", environment: environment)
                let image = try #require(try await mute.image(named: name))
                #expect(image.digest == loaded.digest && image.names == ["tiny:1"])
                #expect(try await mute.image(loaded.id)?.diffIDs == image.diffIDs)
                #expect(try await mute.image(named: ImageName("tiny:2")) == nil)
                // What the socket does not tell plainly, the program is asked.
                let asked = try await engine.inspect(["tiny:1", "tiny:2"])
                #expect(asked.map(\.digest) == [loaded.digest])
                var unfit = environment
                unfit["DOCKER_API_VERSION"] = "0.1"
                let old = Engine(.docker, executable: "/bin/false", environment: unfit)
                await #expect(throws: EngineError.self) { try await old.image(named: name) }
            }
        }
    }
}
