import Foundation
import SystemPackage
import TestSupport
import Testing

/// The scripts in bin/ and ci/, with a stand-in for `swift` that notes its calls and "builds" a program that prints its arguments.
@Suite struct LauncherTests {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// A checkout of scripts only, in a folder with a space in its name.
    static func with(_ body: (Sandbox, String) async throws -> Void) async throws {
        try await Sandbox.with { sandbox in
            let checkout = "my project"
            try sandbox.write("\(checkout)/Package.swift", "")
            try sandbox.write("\(checkout)/Sources/A/A.swift", "")
            for folder in ["bin", "ci"] {
                try FileManager.default.copyItem(
                    atPath: "\(root)/\(folder)", toPath: sandbox.path("\(checkout)/\(folder)").string)
            }
            try sandbox.write(
                "tools/swift",
                """
                #!/bin/sh
                echo "$*" >>'\(sandbox.path("calls").string)'
                case " $* " in *" --show-bin-path "*) echo '\(sandbox.path("out").string)'; exit ;; esac
                [ ! -e '\(sandbox.path("fail").string)' ] || exit 1
                sleep 0.2
                mkdir -p '\(sandbox.path("out").string)'
                for program in cache-image run-tests image-composer; do
                    printf '#!/bin/sh\\necho %s "$@" "$PWD" "${HOME-unset}"\\n' $program >'\(sandbox.path("out").string)'/$program
                    chmod +x '\(sandbox.path("out").string)'/$program
                done
                """, permissions: 0o755)
            try sandbox.write("tools/podman", "#!/bin/sh\n", permissions: 0o755)
            try sandbox.write(
                "tools/pkg-config", "#!/bin/sh\n[ ! -e '\(sandbox.path("bare").string)' ]\n", permissions: 0o755)
            try sandbox.write("tools/ldconfig", "#!/bin/sh\necho ' libcurl.so.4 (x)'\n", permissions: 0o755)
            try await body(sandbox, checkout)
        }
    }

    /// Runs a program of the checkout with the stand-ins first in PATH.
    static func run(
        _ sandbox: Sandbox, _ program: String, _ arguments: [String] = [], in folder: String = "",
        _ extra: [String: String?] = [:]
    ) async throws -> CommandResult {
        var variables = extra
        variables["PATH"] = sandbox.path("tools").string + ":/usr/bin:/bin"
        return try await sandbox.run(sandbox.path(program).string, arguments, in: folder, environment: variables)
    }

    static func builds(_ sandbox: Sandbox) -> Int {
        let calls = (try? sandbox.text("calls")) ?? ""
        return calls.split(separator: "\n").count { $0.contains("--product cache-image") }
    }

    @Test func theFirstRunBuildsAndTheNextOnlyRuns() async throws {
        try await Self.with { sandbox, checkout in
            let first = try await Self.run(sandbox, "\(checkout)/bin/cache-image", ["status", "a b"]).check()
            #expect(first.output == "cache-image status a b \(sandbox.root.string) \(sandbox.path("home").string)\n")
            #expect(first.error.contains("cache-image: building the programs"))
            let second = try await Self.run(sandbox, "\(checkout)/bin/run-tests", ["unit"], in: "tools").check()
            #expect(second.output.hasPrefix("run-tests unit \(sandbox.path("tools").string) "))
            #expect(second.error == "")
            #expect(Self.builds(sandbox) == 1)
        }
    }

    @Test func everyChangeOfTheSourcesIsNoticed() async throws {
        try await Self.with { sandbox, checkout in
            func runs() async throws -> Int {
                try await Self.run(sandbox, "\(checkout)/bin/cache-image").check()
                return Self.builds(sandbox)
            }
            #expect(try await runs() == 1)
            try sandbox.write("\(checkout)/README.md", "not a source")
            #expect(try await runs() == 1)
            try sandbox.write("\(checkout)/Sources/A/B.swift", "added")
            #expect(try await runs() == 2)
            try await sandbox.run("touch", ["-d", "2001-01-01", sandbox.path("\(checkout)/Sources/A/B.swift").string])
            #expect(try await runs() == 3)
            try FileManager.default.removeItem(atPath: sandbox.path("\(checkout)/Sources/A/B.swift").string)
            #expect(try await runs() == 4)
            try sandbox.write("\(checkout)/Package.swift", "changed")
            #expect(try await runs() == 5)
            try await sandbox.run("mv", [sandbox.path("tools/swift").string, sandbox.path("tools/swift.old").string])
            #expect(try await runs() == 5)
            try await sandbox.run("mv", [sandbox.path("tools/swift.old").string, sandbox.path("tools/swift").string])
            try await sandbox.run("touch", [sandbox.path("tools/swift").string])
            #expect(try await runs() == 6)
        }
    }

    @Test func linksAndAMissingHomeDoNoHarm() async throws {
        try await Self.with { sandbox, checkout in
            try await sandbox.run("ln", ["-s", "../\(checkout)/bin/run-tests", sandbox.path("tools/first").string])
            try await sandbox.run("ln", ["-s", "first", sandbox.path("tools/second").string])
            let result = try await Self.run(sandbox, "tools/second", ["x"], in: "/", ["HOME": nil]).check()
            #expect(result.output == "run-tests x / unset\n")
            let calls = try sandbox.text("calls")
            #expect(calls.contains("--cache-path \(sandbox.path("\(checkout)/.build/home/cache").string)"))
            #expect(
                try await Self.run(sandbox, "tools/second", [], in: "/", ["HOME": ""]).check().output
                    == "run-tests / \n")
        }
    }

    @Test func firstRunsAtOneTimeBuildOnce() async throws {
        try await Self.with { sandbox, checkout in
            try await withThrowingTaskGroup(of: CommandResult.self) { group in
                for _ in 0..<4 { group.addTask { try await Self.run(sandbox, "\(checkout)/bin/cache-image") } }
                for try await result in group { try result.check() }
            }
            #expect(Self.builds(sandbox) == 1)
        }
    }

    @Test func aFailedBuildIsNotForgotten() async throws {
        try await Self.with { sandbox, checkout in
            try sandbox.write("fail", "")
            let first = try await Self.run(sandbox, "\(checkout)/bin/cache-image").check(1)
            #expect(first.error.contains("cannot build cache-image: swift build failed"))
            try await Self.run(sandbox, "\(checkout)/bin/run-tests").check(125)
            try FileManager.default.removeItem(atPath: sandbox.path("fail").string)
            try await Self.run(sandbox, "\(checkout)/bin/run-tests").check(0)
        }
    }

    @Test func nothingIsInstalledUnderNoInstall() async throws {
        try await Self.with { sandbox, checkout in
            try sandbox.write("bare", "")
            let refused = try await Self.run(sandbox, "\(checkout)/bin/cache-image", ["--no-install", "status"]).check(
                2)
            #expect(refused.error.contains("hint: apt-get install -y --no-install-recommends libgit2-dev"))
            #expect(refused.output == "")
            try await Self.run(sandbox, "\(checkout)/bin/run-tests", [], ["CACHE_IMAGE_NO_INSTALL": "1"]).check(125)
        }
    }

    /// Makes a checkout whose `cache-image engine` finds no engine while podman is absent, and an `apt-get` that installs it.
    private static func withoutEngine(_ body: (Sandbox, String) async throws -> Void) async throws {
        try await with { sandbox, checkout in
            try await run(sandbox, "\(checkout)/bin/cache-image", ["version"]).check()
            try FileManager.default.removeItem(atPath: sandbox.path("tools/podman").string)
            for program in ["sh", "find", "readlink", "env", "id", "dirname"] {
                try await sandbox.run(
                    "ln", ["-s", Sandbox.find(program, in: "/usr/bin:/bin").string, sandbox.path("tools").string])
            }
            let log = sandbox.path("log").string
            try sandbox.write(
                "\(checkout)/.build/bin/cache-image",
                """
                #!/bin/sh
                echo "cache-image $*" >>'\(log)'
                [ "$1" = engine ] || exit 0
                case " $* " in *" docker "*) exit 0 ;; esac
                command -v podman >/dev/null || echo podman
                """, permissions: 0o755)
            try sandbox.write(
                "tools/apt-get",
                """
                #!/bin/sh
                echo "apt-get $*" >>'\(log)'
                case "$*" in *podman*) echo '#!/bin/sh' >'\(sandbox.path("tools/podman"))'; /bin/chmod +x '\(sandbox.path("tools/podman"))' ;; esac
                """, permissions: 0o755)
            try await body(sandbox, checkout)
        }
    }

    private static func bare(
        _ sandbox: Sandbox, _ program: String, _ arguments: [String], _ extra: [String: String?] = [:]
    ) async throws -> CommandResult {
        try await sandbox.run(
            sandbox.path(program).string, arguments,
            environment: extra.merging(["PATH": sandbox.path("tools").string]) { $1 })
    }

    @Test(
        arguments: [
            ("run-tests", ["unit"], true), ("run-tests", ["--log-level", "debug", "--", "--engine", "docker"], true),
            ("run-tests", ["--engine", "podman"], true), ("run-tests", ["--engine", "docker", "unit"], false),
            ("run-tests", ["--list"], false), ("run-tests", ["--options", "--engine docker", "unit"], true),
            ("cache-image", ["update"], true), ("cache-image", ["-v", "--engine=podman", "build", "app"], true),
            ("cache-image", ["status"], false), ("cache-image", ["update", "--check"], false),
            ("cache-image", [], false),
        ] as [(String, [String], Bool)])
    func podmanIsInstalledWhereNoEngineAnswersAndOneIsNeeded(
        _ program: String, _ arguments: [String], isInstalled: Bool
    ) async throws {
        try await Self.withoutEngine { sandbox, checkout in
            try await Self.bare(sandbox, "\(checkout)/bin/\(program)", arguments).check()
            let log = (try? sandbox.text("log")) ?? ""
            #expect(log.contains("install -y --no-install-recommends podman") == isInstalled, "\(log)")
            // With podman on PATH nobody is asked any more.
            try? FileManager.default.removeItem(atPath: sandbox.path("log").string)
            if isInstalled {
                try await Self.bare(sandbox, "\(checkout)/bin/\(program)", arguments).check()
                let log = (try? sandbox.text("log")) ?? ""
                #expect(!log.contains("engine --absent") && !log.contains("apt-get"))
            }
        }
    }

    @Test func noEngineIsInstalledUnderNoInstall() async throws {
        try await Self.withoutEngine { sandbox, checkout in
            let refused = try await Self.bare(sandbox, "\(checkout)/bin/run-tests", ["--no-install", "unit"]).check(125)
            #expect(refused.error.contains("hint: apt-get install -y --no-install-recommends podman"))
            #expect(try sandbox.text("log").contains("apt-get") == false)
        }
    }
}
