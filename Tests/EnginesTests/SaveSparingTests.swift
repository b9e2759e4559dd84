import Archive
import Foundation
import Hashing
import OCI
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import Engines

/// Saves of which an archive of ours has a part, with engines as they are and with some that misbehave.
@Suite(
    .serialized, .timeLimit(.minutes(5)), .enabled(if: Requirements.tools("docker", "dockerd", "podman", "buildah")))
struct SaveSparingTests {
    /// An engine that holds a new version of an image, and the archive of the version before.
    private struct Fixture {
        let sandbox: Sandbox
        let engine: Engine
        let notes = Notes()
        let name: ImageName
        /// The canonical archives of both versions.
        let (old, new): (CanonicalArchive, CanonicalArchive)

        final class Notes: Sendable {
            private let texts = Mutex<[String]>([])
            func add(_ text: String) { texts.withLock { $0.append(text) } }
            func contain(_ part: String) -> Bool { texts.withLock { $0.contains { $0.contains(part) } } }
        }

        init(_ fixture: EngineFixture, _ engine: Engine) async throws {
            sandbox = fixture.sandbox
            name = try ImageName("tiny:1")
            let label = engine.name
            old = try await SparingTests.archive("\(label)-old.tar", ["a", "b", "c"], in: sandbox)
            new = try await SparingTests.archive("\(label)-new.tar", ["a", "b", "d"], in: sandbox)
            _ = try await engine.load(LoadRequest(archive: sandbox.path("\(label)-new.tar"), name: name))
            try FileManager.default.createDirectory(
                atPath: sandbox.path("scratch").string, withIntermediateDirectories: true)
            let notes = notes
            self.engine = Engine(
                engine.dialect, executable: engine.executable, environment: engine.environment, note: notes.add)
        }

        /// The same with a program that does something else where the script says so; `real` is the engine's own.
        func behaving(_ script: String) throws -> Engine {
            try sandbox.write(
                "misbehaving", "#!/bin/sh\nreal() { '\(engine.executable)' \"$@\"; }\n\(script)\nreal \"$@\"\n",
                permissions: 0o755)
            return Engine(
                engine.dialect, executable: sandbox.path("misbehaving"), environment: engine.environment,
                note: notes.add)
        }

        func request(_ predecessor: String? = nil) async throws -> SaveRequest {
            let held = try #require(try await engine.image(named: name))
            var request = SaveRequest(held, as: name, to: sandbox.path("saved.tar"))
            request.predecessor = sandbox.path(predecessor ?? "\(engine.name)-old.tar")
            request.scratch = sandbox.path("scratch")
            return request
        }

        /// Saves, and checks that the bytes are those of a whole save and that nothing else is left.
        func save(_ label: String, with other: Engine? = nil, predecessor: String? = nil) async throws -> SaveResult {
            let result = try await (other ?? engine).save(request(predecessor))
            #expect(result.archive == new, "\(label)")
            #expect(try sandbox.read("saved.tar") == sandbox.read("\(engine.name)-new.tar"), "\(label)")
            #expect(try left() == ["saved.tar"], "\(label)")
            try FileManager.default.removeItem(atPath: sandbox.path("saved.tar").string)
            return result
        }

        /// What a save may have left.
        func left() throws -> [String] {
            let names = try FileManager.default.contentsOfDirectory(atPath: sandbox.root.string)
            return names.filter { $0.hasPrefix("saved") || $0.hasPrefix(".tmp") }
                + (try FileManager.default.contentsOfDirectory(atPath: sandbox.path("scratch").string))
        }
    }

    private static func withStores(_ body: (Fixture) async throws -> Void) async throws {
        try await EngineFixture.with { fixture in
            try await body(Fixture(fixture, fixture.engine(.podman, store: "a")))
            try await body(Fixture(fixture, fixture.engine(.buildah, store: "b")))
        }
    }

    @Test func onlyNewLayersAreTakenFromTheEngine() async throws {
        try await Self.withStores { fixture in
            let label = fixture.engine.name
            let thin = try await fixture.save(label)
            #expect(thin.bytesRead == fixture.new.size - fixture.new.layers[0].size - fixture.new.layers[1].size)
            #expect(fixture.notes.contain("2 layers of tiny:1 stand in its old archive; 1 are taken from \(label)"))

            // Where only the config is new, the engine is asked for nothing.
            let mute = try fixture.behaving("case $1 in push | save) exit 9 ;; esac")
            let none = try await fixture.save("\(label): none", with: mute, predecessor: "\(label)-new.tar")
            #expect(none.bytesRead == fixture.new.size - fixture.new.layers.reduce(0) { $0 + $1.size }, "\(label)")

            let whole = try await fixture.save("\(label): whole", predecessor: "nowhere.tar")
            #expect(whole.bytesRead == fixture.new.size, "\(label)")
        }
    }

    @Test func whatGoesWrongEndsInASaveOfTheWhole() async throws {
        try await Self.withStores { fixture in
            let (label, sandbox) = (fixture.engine.name, fixture.sandbox)
            // $3 is the image's id, $4 `oci:FOLDER:image`.
            let layout = #"folder=${4#oci:}; folder=${folder%:image}; case $4 in oci:*) real "$@""#
            let blob = #"for f in "$folder"/blobs/sha256/*; do [ "$(head -c 2 "$f" | od -An -tx1)" = " 1f 8b" ] &&"#
            let faults = [
                ("a refusal", #"case $4 in oci:*) echo no >&2; exit 125 ;; esac"#),
                ("nothing written", #"case $4 in oci:*) exit 0 ;; esac"#),
                ("a file cut off", "\(layout); \(blob) truncate -s -9 $f; done; exit 0 ;; esac"),
                ("a layer that grows", "\(layout); \(blob) head -c 200M /dev/zero | gzip -1 >$f; done; exit 0 ;; esac"),
                ("another layer", "\(layout); \(blob) echo x | gzip >$f; done; exit 0 ;; esac"),
                ("a link", "\(layout); \(blob) { mv $f $f.x; ln -s $f.x $f; }; done; exit 0 ;; esac"),
                ("no manifest", #"\#(layout); echo '{"manifests":[]}' >"$folder/index.json"; exit 0 ;; esac"#),
                ("nonsense", #"\#(layout); echo '<html>' >"$folder/index.json"; exit 0 ;; esac"#),
            ]
            for (fault, script) in faults {
                let result = try await fixture.save("\(label): \(fault)", with: fixture.behaving(script))
                #expect(result.bytesRead == fixture.new.size, "\(label): \(fault)")
            }
            #expect(fixture.notes.contain("the whole of tiny:1 is saved"), "\(label)")

            // An old archive that is damaged: in a layer, around them, at its end.
            let good = try sandbox.read("\(label)-old.tar")
            for place in [700, 3, good.count - 5] {
                var bytes = good
                bytes[place] ^= 1
                try sandbox.write("damaged.tar", bytes: bytes)
                let result = try await fixture.save("\(label): \(place)", predecessor: "damaged.tar")
                #expect(result.bytesRead == fixture.new.size, "\(label): \(place)")
            }
        }
    }

    @Test func anImageThatIsRemovedMeanwhileIsMissing() async throws {
        try await Self.withStores { fixture in
            let engine = try fixture.behaving(
                "case $1 in push | save) real rmi --force \(fixture.new.imageID.hexadecimal) >/dev/null ;; esac")
            let request = try await fixture.request()
            let error = await #expect(throws: EngineError.self) { try await engine.save(request) }
            #expect(error?.kind == .noSuchImage, "\(error.debugDescription)")
            #expect(try fixture.left() == [])
        }
    }

    @Test func aCancelledSaveLeavesNothing() async throws {
        try await EngineFixture.with { fixture in
            let fixture = try await Fixture(fixture, fixture.engine(.podman, store: "a"))
            let engine = try fixture.behaving(
                "case $1 in push) : >'\(fixture.sandbox.root)/begun'; sleep 100 ;; esac")
            let request = try await fixture.request()
            let task = Task { try await engine.save(request) }
            while !FileManager.default.fileExists(atPath: fixture.sandbox.path("begun").string) {
                try await Task.sleep(for: .milliseconds(20))
            }
            task.cancel()
            await #expect(throws: (any Error).self) { try await task.value }
            #expect(try fixture.left() == [])
        }
    }

    @Test func dockerAndAServiceSaveTheWhole() async throws {
        try await EngineFixture.with { fixture in
            try await fixture.withDocker { environment in
                let fixture = try await Fixture(fixture, fixture.docker(environment))
                #expect(try await fixture.save("docker").bytesRead == fixture.new.size)
            }
            let local = try await Fixture(fixture, fixture.engine(.podman, store: "a"))
            var environment = local.engine.environment
            environment["CONTAINER_HOST"] = "unix:///nowhere"
            let remote = Engine(.podman, executable: local.engine.executable, environment: environment)
            #expect(try await remote.saveSparing(local.request()) { _ in } == nil)
        }
    }

    @Test func aStoreWithoutOverlayIsReadAsWell() async throws {
        try await EngineFixture.with { fixture in
            let (folder, _) = try fixture.sandbox.store("v")
            try fixture.sandbox.write(
                "store-v/storage.conf",
                "[storage]\ndriver = \"vfs\"\ngraphroot = \"\(folder)/graph\"\nrunroot = \"\(folder)/run\"\n")
            let fixture = try await Fixture(fixture, fixture.engine(.podman, store: "v"))
            let thin = try await fixture.save("vfs")
            #expect(thin.bytesRead < fixture.new.size / 2)
        }
    }
}
