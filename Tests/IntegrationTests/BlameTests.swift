import Foundation
import JSON
import SystemPackage
import TestSupport
import Testing

/// Whom an error blames, and how it ends: everything here works without an engine.
@Suite(.enabled(if: Requirements.tools("git", "tar"))) struct BlameTests {
    // MARK: The recipe

    /// Files of a project, and what `inputs` says about them.
    struct Recipe: Sendable, CustomTestStringConvertible {
        let name: String
        let files: [String: String]
        let status: Int32
        let words: [String]
        var testDescription: String { name }
    }

    private static let recipes = [
        Recipe(
            name: "a misspelt instruction under a syntax line",
            files: ["Dockerfile": "# syntax=docker/dockerfile:1\nFROM scratch\nCOPPY a /\n"], status: 2,
            words: ["Dockerfile:3: unknown instruction: COPPY (did you mean COPY?)"]),
        Recipe(
            name: "an instruction of a later version",
            files: ["Dockerfile": "# syntax=docker/dockerfile:9\nFROM scratch\nINCLUDE a\n"], status: 0,
            words: ["warning: ", "Dockerfile:3: unknown instruction: INCLUDE: not understood, so every file"]),
        Recipe(
            name: "an unknown frontend", files: ["Dockerfile": "# syntax=a.org/b\nFROM scratch\n"], status: 0,
            words: ["warning: ", "unknown frontend a.org/b: not understood, so every file"]),
        Recipe(
            name: "a mirror of Docker's frontend",
            files: ["Dockerfile": "# syntax=mirror.gcr.io/docker/dockerfile:1\nFROM scratch\nCOPY a /\n"], status: 0,
            words: ["  file a\n"]),
        Recipe(
            name: "a base that is not locked", files: ["Dockerfile": "FROM python:3\nCOPY a /\n"], status: 0,
            words: ["  base docker.io/library/python:3 unlocked\n"]),
        Recipe(
            name: "a wildcard in inputs that matches nothing",
            files: [
                "Dockerfile": "FROM scratch\nCOPY a /\n",
                "cache-image.yml": "images: {demo: {inputs: ['compose*.yaml', 'a*']}}\n",
            ], status: 0, words: ["warning: demo:latest: inputs: compose*.yaml matches no file that counts"]),
        Recipe(
            name: "an argument of the caller",
            files: [
                "Dockerfile": "FROM scratch\nARG CALLERS=1\nENV A=$CALLERS\n",
                "cache-image.yml": "images: {demo: {args: {CALLERS: }}}\n",
            ], status: 0, words: ["  arg CALLERS=5\n"]),
        Recipe(
            name: "a Containerfile", files: ["Containerfile": "FROM scratch\nCOPY a /\n"], status: 0,
            words: ["  dockerfile Containerfile\n"]),
    ]

    @Test(arguments: recipes)
    func aRecipeIsBlamedForWhatIsWrongWithIt(recipe: Recipe) async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("cache-image.yml", "images: {demo: {}}\n")
            try sandbox.write("a", "1")
            for (path, text) in recipe.files { try sandbox.write(path, text) }
            try await sandbox.run("git", ["init", "-q"]).check()
            let result = try await sandbox.run("cache-image", ["inputs"], environment: ["CALLERS": "5"])
            #expect(result.status == recipe.status, "\(result)")
            for word in recipe.words { #expect((result.output + result.error).contains(word), "\(result)") }
        }
    }

    @Test(arguments: ["COPY l/abs /x", "COPY l/* /x/", "RUN --mount=source=l/abs,target=/m true"])
    func aLinkOutOfTheContextIsNamedWithItsTarget(step: String) async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("Dockerfile", "FROM scratch\n\(step)\n")
            try sandbox.write("l/.keep", "")
            try sandbox.write("cache-image.yml", "images: {demo: {}}\n")
            try await sandbox.run("sh", ["-c", "git init -q && ln -s /no/such/file l/abs"]).check()
            let result = try await sandbox.run("cache-image", ["inputs"])
            #expect(result.status == 2, "\(result)")
            #expect(
                result.error.contains("l/abs is a link to /no/such/file, which is not in the context"), "\(result)")
        }
    }

    @Test func explainSaysThatAnArgumentIsTheCallers() async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("Dockerfile", "FROM scratch\nARG A=1\nENV A=$A\n")
            try sandbox.write("cache-image.yml", "images: {demo: {args: {A: , B: , MY_TOKEN: }}}\n")
            try await sandbox.run("git", ["init", "-q"]).check()
            let result = try await sandbox.run("cache-image", ["explain"], environment: ["A": "5", "MY_TOKEN": "hush"])
                .check()
            #expect(result.error.contains("argument A is the caller's: 5"), "\(result)")
            #expect(result.error.contains("argument B is the caller's: not set"), "\(result)")
            #expect(result.error.contains("argument MY_TOKEN is the caller's: ***"), "\(result)")
        }
    }

    // MARK: The archive's place

    /// What stands in the archive's place, and the words that name it.
    private static let oddities = [
        (": >ARCHIVE", "the archive is empty"),
        ("printf 'version https://git-lfs.github.com/spec/v1\\noid sha256:%s\\nsize 7\\n' OID >ARCHIVE", " -> 7 bytes"),
        ("rm ARCHIVE; mkfifo ARCHIVE", "it is a named pipe"),
        ("rm ARCHIVE; mkdir ARCHIVE; touch ARCHIVE/x", "it is a folder"),
        ("rm ARCHIVE; ln -s /dev/zero ARCHIVE", "it is a symbolic link"),
    ]

    private func oddProject(_ sandbox: Sandbox, _ command: String) async throws {
        let project = try await ImportedProject(sandbox)
        try await project.archive()
        try await project.import()
        let record = try JSONValue(parsing: sandbox.read("docker-cache/demo-latest.inputs.json"))
        let oid = record["provenance"]?["archive"]?["sha256"]?.string ?? ""
        let script = command.replacingOccurrences(of: "ARCHIVE", with: "docker-cache/demo-latest.tar")
        try await sandbox.run("sh", ["-c", script.replacingOccurrences(of: "OID", with: oid)]).check()
    }

    @Test(arguments: oddities)
    func whatIsNoArchiveInItsPlaceIsCorruptForEveryCommand(command: String, words: String) async throws {
        try await Sandbox.with { sandbox in
            try await oddProject(sandbox, command)
            for arguments in [
                ["verify"], ["load"], ["export", "demo", "out.tar"], ["status", "--exit-code"], ["update", "--check"],
            ] {
                let result = try await sandbox.run("timeout", ["20", Self.program] + arguments)
                #expect(result.status == 4, "\(arguments): \(result)")
                #expect((result.output + result.error).contains(words), "\(arguments): \(result)")
            }
            #expect(!FileManager.default.fileExists(atPath: sandbox.path("out.tar").string))
        }
    }

    private static let program = Sandbox.products.appending("cache-image").string

    @Test func aFolderWithFilesInTheArchivesPlaceLosesNothing() async throws {
        try await Sandbox.with { sandbox in
            try await oddProject(sandbox, "rm ARCHIVE; mkdir ARCHIVE; touch ARCHIVE/x")
            for arguments in [["import", "image.tar", "demo"], ["update"], ["build"], ["save"]] {
                let result = try await sandbox.run("cache-image", arguments)
                #expect(result.status == 4, "\(result)")
                #expect(
                    result.error.contains("docker-cache/demo-latest.tar is a folder that is not empty"), "\(result)")
            }
            for name in ["demo-latest.md5", "demo-latest.inputs.json", "demo-latest.tar/x"] {
                #expect(FileManager.default.fileExists(atPath: sandbox.path("docker-cache/\(name)").string))
            }
        }
    }

    @Test(arguments: ["rm ARCHIVE; mkdir ARCHIVE", "rm ARCHIVE; mkfifo ARCHIVE", ": >ARCHIVE"])
    func whatHoldsNothingIsReplaced(command: String) async throws {
        try await Sandbox.with { sandbox in
            try await oddProject(sandbox, command)
            try await sandbox.run("cache-image", ["import", "image.tar", "demo"]).check()
            try await sandbox.run("cache-image", ["verify"]).check()
        }
    }

    // MARK: import

    /// Makes the file `odd`, and what `import` says of it.
    private static let imports: [(String, Int32, String)] = [
        (
            "printf 'version https://git-lfs.github.com/spec/v1\\noid sha256:%064d\\nsize 7\\n' 0 >odd", 5,
            "it is a Git LFS pointer, not the archive"
        ),
        (": >odd", 4, "it is empty"),
        (
            "mkdir -p root/bin root/etc && ln -s /bin/busybox root/bin/sh && tar cf odd -C root .", 4,
            "it is a container's file system, no image archive: use save, not export"
        ),
        (
            "mkdir -p root/usr && echo x >root/usr/a && tar czf odd -C root .", 4,
            "it is a container's file system, no image archive: use save, not export"
        ),
        (
            "sed -i s/amd64/arm64/ config.json && tar cf odd manifest.json config.json layer.tar", 1,
            "it is an image for linux/arm64, the entry is for linux/amd64"
        ),
    ]

    @Test(arguments: imports)
    func importSaysWhatAFileIs(command: String, status: Int32, words: String) async throws {
        try await Sandbox.with { sandbox in
            let project = try await ImportedProject(sandbox)
            try await project.archive()
            try await sandbox.run("sh", ["-c", command]).check()
            let result = try await sandbox.run("cache-image", ["import", "odd", "demo"])
            #expect(result.status == status, "\(result)")
            #expect(result.error.contains(words), "\(result)")
            #expect(!FileManager.default.fileExists(atPath: sandbox.path("docker-cache/demo-latest.tar").string))
        }
    }

    @Test(arguments: ["cat image.tar | PROGRAM import - demo", "gzip -c image.tar | PROGRAM import /dev/stdin demo"])
    func importReadsAPipe(command: String) async throws {
        try await Sandbox.with { sandbox in
            let project = try await ImportedProject(sandbox)
            try await project.archive()
            let script = command.replacingOccurrences(of: "PROGRAM", with: Self.program)
            #expect(try await sandbox.run("sh", ["-c", script]).check().output.hasPrefix("saved demo:latest "))
            try await sandbox.run("cache-image", ["verify"]).check()
        }
    }

    @Test func ofAnIndexForSeveralPlatformsTheEntrysIsTaken() async throws {
        try await Sandbox.with { sandbox in
            let project = try await ImportedProject(sandbox)
            try await project.archive()
            let script = """
                set -e; mkdir -p o/blobs/sha256
                put() { h=$(sha256sum $1 | cut -c1-64); cp $1 o/blobs/sha256/$h; echo "$h $(wc -c <$1)"; }
                layer=$(put layer.tar); list=
                for arch in s390x amd64 arm64; do
                  sed s/amd64/$arch/ config.json >c; config=$(put c)
                  printf '{"schemaVersion":2,"config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:%s","size":%s},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"sha256:%s","size":%s}]}' $config $layer >m
                  manifest=$(put m)
                  list="$list$(printf '{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:%s","size":%s}' $manifest),"
                done
                printf '{"schemaVersion":2,"manifests":[%s]}' "${list%,}" >o/index.json
                echo '{"imageLayoutVersion":"1.0.0"}' >o/oci-layout; tar cf odd -C o .
                """
            try await sandbox.run("sh", ["-c", script]).check()
            try await sandbox.run("cache-image", ["import", "odd", "demo"]).check()
            try await sandbox.run("cache-image", ["verify"]).check()
            try sandbox.write("cache-image.yml", "images: {demo: {platform: linux/arm64}}\n")
            try await sandbox.run("cache-image", ["import", "odd", "demo"]).check()
            try sandbox.write("cache-image.yml", "images: {demo: {platform: linux/riscv64}}\n")
            #expect(try await sandbox.run("cache-image", ["import", "odd", "demo"]).status == 1)
        }
    }

    // MARK: Git

    @Test func aFileThatTheProgramStagesItselfIsNoReasonForAWarning() async throws {
        try await Sandbox.with { sandbox in
            let project = try await ImportedProject(sandbox)
            try await project.archive()
            try sandbox.write("Dockerfile", "FROM scratch\nCOPY . /\n")
            try await sandbox.run("sh", ["-c", "git add -A && git commit -qm 1"]).check()
            let first = try await project.import()
            #expect(!first.error.contains("not in Git"), "\(first)")
            try sandbox.write("other", "")
            #expect(try await sandbox.run("cache-image", ["inputs"]).error.contains("1 in-scope file is not in Git"))
        }
    }

    @Test func hooksThatAreSwitchedOffAreSaidToBe() async throws {
        try await Sandbox.with { sandbox in
            let project = try await ImportedProject(sandbox)
            try await project.archive()
            try await sandbox.run("git", ["config", "core.hooksPath", "/dev/null"]).check()
            let first = try await project.import()
            #expect(first.error.contains("hooks are switched off by core.hooksPath (/dev/null)"), "\(first)")
            let install = try await sandbox.run("cache-image", ["lfs", "install", "--local"])
            #expect(install.status == 2 && install.error.contains("Hooks are switched off"), "\(install)")
        }
    }

    @Test func aConfigurationThatIsLockedIsNamedAndTheNextUpdateSetsGitUp() async throws {
        try await Sandbox.with { sandbox in
            let project = try await ImportedProject(sandbox)
            try await project.archive()
            try sandbox.write(".git/config.lock", "")
            let first = try await project.import()
            #expect(first.error.contains(".git/config.lock: File exists"), "\(first)")
            #expect(first.error.contains("config.lock where no git runs"), "\(first)")
            try FileManager.default.removeItem(atPath: sandbox.path(".git/config.lock").string)
            // No engine is here, so that the command fails; Git is taught before.
            _ = try await sandbox.run("cache-image", ["update"], environment: ["PATH": "/nonexistent"])
            #expect(try sandbox.text(".git/config").contains("filter-process"))
            #expect(FileManager.default.fileExists(atPath: sandbox.path(".git/hooks/pre-push").string))
        }
    }

    @Test func aBundleIsNoPlaceForObjects() async throws {
        try await Sandbox.with { sandbox in
            let project = try await ImportedProject(sandbox)
            try await project.archive()
            try await project.import()
            let script = """
                git add -A && git commit -qm 1 && git bundle create -q b.bundle --all && git clone -q b.bundle clone
                """
            try await sandbox.run("sh", ["-c", script], environment: ["GIT_LFS_SKIP_SMUDGE": "1"]).check()
            let result = try await sandbox.run("cache-image", ["verify"], in: "clone")
            #expect(result.status == 5, "\(result)")
            #expect(result.error.contains("b.bundle is a bundle, which holds no LFS objects"), "\(result)")
        }
    }

    // MARK: Signals

    @Test(arguments: [(SIGHUP, 129), (SIGINT, 130), (SIGQUIT, 131), (SIGTERM, 143), (SIGUSR1, 138)])
    func aSignalEndsACommandWithItsNumber(signal: Int32, status: Int) async throws {
        let result = try await interrupted(by: signal)
        #expect(result.lines.last == "\(status)", "\(result)")
    }

    @Test func aHangupThatIsIgnoredFromTheStartEndsNothing() async throws {
        let result = try await interrupted(by: SIGHUP, start: "trap '' HUP")
        #expect(result.lines.last == "143", "\(result)")
    }

    /// Sends a signal to an import that waits for the cache's lock, then SIGTERM; the shell says how it ended.
    private func interrupted(by signal: Int32, start: String = ":") async throws -> CommandResult {
        try await Sandbox.with { sandbox in
            let project = try await ImportedProject(sandbox)
            try await project.archive()
            try sandbox.write(".git/cache-image/lock", "")
            let script = """
                exec 9<.git/cache-image/lock; flock 9
                (\(start); exec \(Self.program) import image.tar demo 9<&- 2>said) & pid=$!
                for i in $(seq 100); do grep -q waiting said 2>/dev/null && break; sleep 0.1; done
                kill -\(signal) $pid; sleep 0.3; kill -TERM $pid 2>/dev/null
                wait $pid; echo $?
                """
            return try await sandbox.run("sh", ["-c", script])
        }
    }
}
