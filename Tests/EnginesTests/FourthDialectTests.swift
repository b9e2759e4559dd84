import Archive
import Foundation
import Hashing
import JSON
import OCI
import SystemPackage
import TestSupport
import Testing

@testable import Engines

/// A further engine is one value: a stand-in with verbs of its own builds, loads, saves and runs.
@Suite(.timeLimit(.minutes(2))) struct FourthDialectTests {
    /// An engine that keeps archives in a folder: `whoami`, `cook`, `show`, `names`, `call`, `give`, `take`, `exec`.
    private static func script(_ folder: String) -> String {
        """
        #!/bin/sh
        set -e
        cd '\(folder)'
        echo "$*" >>calls
        verb=$1
        shift
        case $verb in
        whoami) echo '9.1 amd64' ;;
        cook)
            # cook IDFILE NAME CONTEXT: the image is the archive that lies in the context.
            id=$(cat "$3/id")
            cp "$3/image.tar" "images/$id"
            printf '%s' "$id" >"$1"
            printf '%s' "$id" >"names/$2"
            echo 'STEP 1/1: cooked' ;;
        show)
            found=$(cat "names/$1" 2>/dev/null || echo "$1")
            [ -f "images/$found" ] || { echo 'nothing of that sort' >&2; exit 3; }
            printf '{"key":"%s","Id":"%s","RepoTags":["%s"],"Config":{}}' "$found" "$found" "$1" ;;
        call) cp "names/$1" "names/$2" 2>/dev/null || printf '%s' "$1" >"names/$2" ;;
        give) cat "images/$1" ;;
        take)
            cat >taken
            id=$(sed -n 's/.*"Config":"blobs.sha256.\\([0-9a-f]*\\)".*/\\1/p' taken | head -c 64)
            mv taken "images/$id" ;;
        exec)
            [ "$1" = probe ] || [ -f "images/$(cat "names/$2" 2>/dev/null || echo "$2")" ]
            shift 2
            [ $# = 0 ] || exec "$@" ;;
        esac
        """
    }

    private static let dialect = Dialect(
        name: "cook", hasExactStepCache: true,
        service: Service(introduction: ["whoami"], presence: ["whoami"], version: ["whoami"], readVersion: \.first),
        images: ImageVerbs(
            inspect: { ["show"] + $0 }, inspectsOneByOne: true, absentTexts: ["nothing of that sort"],
            list: ["names"], tag: { ["call", $0, $1] }, save: { ["give", $0] }, load: .pipe(["take"]),
            importing: { ["true", $0] }, remove: { ["true", $0] }),
        containers: ContainerVerbs(
            run: { ["exec", $0.container, $0.request.image] + $0.request.command },
            probe: { _, _, _ in ["exec", "probe", "-"] }, startedAt: nil, labelled: nil, kill: nil,
            remove: { ["true", $0] }),
        builder: { _ in
            Builder(name: "cook", input: .folder(ignoreFile: "ignore")) {
                ["cook", $0.idFile.string, $0.tag ?? "", $0.request.context.string]
            }
        })

    /// An archive with one empty layer; its image ID.
    private static func image(_ sandbox: Sandbox) throws -> (archive: [UInt8], id: String) {
        let layer = [UInt8](repeating: 0, count: 1024)
        let digest = SHA256Digest(of: layer)
        let config = #"{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":["\#(digest)"]}}"#
        let id = SHA256Digest(of: config.utf8)
        let manifest =
            #"[{"Config":"blobs/sha256/\#(id.hexadecimal)","RepoTags":["soup:1"],"Layers":["blobs/sha256/\#(digest.hexadecimal)"]}]"#
        try sandbox.write("tree/blobs/sha256/\(digest.hexadecimal)", bytes: layer)
        try sandbox.write("tree/blobs/sha256/\(id.hexadecimal)", config)
        try sandbox.write("tree/manifest.json", manifest)
        let tar = Process()
        tar.executableURL = URL(fileURLWithPath: "/bin/tar")
        tar.arguments = [
            "--format=ustar", "-cf", sandbox.path("image.tar").string, "-C", sandbox.path("tree").string, "blobs",
            "manifest.json",
        ]
        try tar.run()
        tar.waitUntilExit()
        return (try sandbox.read("image.tar"), id.hexadecimal)
    }

    @Test func aFurtherEngineIsOneValue() async throws {
        try await Sandbox.with { sandbox in
            let image = try Self.image(sandbox)
            for folder in ["engine/images", "engine/names", "context", "bin"] {
                try FileManager.default.createDirectory(
                    atPath: sandbox.path(folder).string, withIntermediateDirectories: true)
            }
            let program = sandbox.path("bin/cook")
            try sandbox.write("bin/cook", Self.script(sandbox.path("engine").string), permissions: 0o755)
            let engine = Engine(Self.dialect, executable: program, environment: sandbox.environment)
            let name = try ImageName("soup:1")
            guard case .found(let finding) = try await engine.introduction() else {
                return #expect(Bool(false), "it does not answer")
            }
            #expect(finding.version == "9.1" && finding.architecture == "amd64")
            #expect(try await engine.version() == "cook 9.1")
            #expect(try await engine.image(named: name) == nil)

            try sandbox.write("context/image.tar", bytes: image.archive)
            try sandbox.write("context/id", image.id)
            let request = BuildRequest(
                context: sandbox.path("context"), dockerfile: [], name: name, scratch: sandbox.root)
            let built = try await engine.build(request)
            #expect(built.id == image.id && built.builder == "cook" && built.steps == 1)
            #expect(try await engine.image(named: name)?.id == image.id)
            #expect(try await engine.exists(image.id))

            let path = sandbox.path("saved.tar")
            let saved = try await engine.save(built.id, as: name, to: path)
            #expect(saved.imageID.hexadecimal == image.id)
            for folder in ["images", "names"] {
                for file in try FileManager.default.contentsOfDirectory(atPath: sandbox.path("engine/\(folder)").string)
                {
                    try FileManager.default.removeItem(atPath: sandbox.path("engine/\(folder)/\(file)").string)
                }
            }
            #expect(try await engine.exists(image.id) == false)
            var load = LoadRequest(archive: path, name: name)
            load.isStrict = true
            let loaded = try await engine.load(load)
            #expect(loaded.id == image.id && loaded.bytesSent == saved.size)
            #expect(try await engine.image(named: name)?.id == image.id)

            var run = RunRequest(image: "soup:1", command: ["/bin/sh", "-c", "exit 7"])
            run.isInteractive = false
            #expect(try await engine.run(run) == 7)
            // It does not tell whether a command started: the status is the command's.
            run.command = ["/bin/sh", "-c", "exit 126"]
            #expect(try await engine.run(run) == 126)
        }
    }
}
