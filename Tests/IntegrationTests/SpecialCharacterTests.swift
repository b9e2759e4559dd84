import Foundation
import JSON
import SystemPackage
import TestSupport
import Testing

/// Each special character × each place where a path or a value goes, judged by the real podman and git.
@Suite(.enabled(if: Requirements.tools("podman", "git")), .tags(.engine)) struct SpecialCharacterTests {
    /// Names of the folder above the checkout, as `printf` writes them.
    static let folders = [
        #"a,b"#, #"a"b:c"#, #"a\nb\tc\r"#, #"[x]!# '\\ "#, #"$HOME*?;&|{}()<>`"#, #"-x\377y\303"#,
    ]

    @Test(arguments: folders) func aCheckoutInAnyFolderWorks(name: String) async throws {
        try await Sandbox.withStores { sandbox in
            // A shell makes the folder, since its name need not be a text.
            let script = """
                set -e
                folder=$(printf -- '\(name.replacing("'", with: #"'\''"#).replacing("%", with: "%%")).')
                mkdir -p -- "./${folder%.}/p" && cd -- "./${folder%.}/p"
                cp /bin/busybox . && echo fine >t
                printf 'FROM scratch\\nCOPY busybox /bin/cat\\n' >Dockerfile
                cat >cache-image.yml <<'END'
                engine: podman
                images: {app: {}}
                tests: {levels: {unit: {command: [cat, /m/t], mounts: [".:/m:ro"], network: none}}}
                END
                git init -q && git add -A && git commit -qm c
                cache-image update -q >/dev/null
                run-tests unit
                git status --short
                git add -A && git commit -qm entry && git status --short
                git clone -q . ../c && cd ../c && git remote set-url origin ../p
                cache-image status
                git worktree add -q ../w && cd ../w && cache-image status
                """
            let path = Sandbox.products.string + ":" + (sandbox.environment["PATH"] ?? "")
            let result = try await sandbox.run(
                "sh", ["-c", script], environment: try sandbox.store("a").variables.merging(["PATH": path]) { $1 })
            try result.check()
            let lines = result.lines.map { $0.split(separator: " ").first.map(String.init) ?? "" }
            #expect(lines == ["fine", "A", "A", "A", "A", "A", "pointer", "pointer"], "\(result)")
        }
    }

    static let values = [
        "a,b", "a\"b", "a:b", "a\nb", "a=b", "=", "", " x ", "$HOME", "$A", "a\\b", "\\", "-x", "--x=y", "a'b", "*",
        "#x",
        "{{.Id}}", "%s", "[a]", "!x", "é", "\u{1}\u{7F}", "~", "`id`", "a\tb\r",
    ]

    @Test func everyValueReachesItsPlaceAsItIs() async throws {
        try await Project.with { (project) async throws in
            let all = Dictionary(uniqueKeysWithValues: Self.values.enumerated().map { ("V\($0)", $1) })
            let names = Self.values.indices.map { "V\($0)" }
            func map(_ values: [String: String]) -> String {
                JSONValue.object(names.map { .init($0, .string(values[$0] ?? "")) }).text
            }
            let dockerfile =
                ["FROM scratch", "COPY busybox /bin/busybox"] + names.map { "ARG \($0)" }
                + names.map { "ENV B\($0)=\"$\($0)\"" }
            try project.write("Dockerfile", dockerfile.joined(separator: "\n") + "\n")
            // Every value is an argument of the command, too.
            try project.write(
                "cache-image.yml",
                """
                engine: podman
                images: {demo: {args: \(map(all)), labels: \(map(all))}}
                tests:
                  levels:
                    unit:
                      command: \(JSONValue.strings(["/bin/busybox", "sh", "-c", #"printf '%s\0' "$@"; env -0"#, "sh"] + Self.values).text)
                      env: \(map(all))
                      network: none
                """)
            let result = try await project.runTests("unit").check()
            let words = result.outputBytes.split(separator: 0, omittingEmptySubsequences: false).map {
                String(decoding: $0, as: UTF8.self)
            }
            #expect(Array(words.prefix(Self.values.count)) == Self.values)
            for (name, value) in all {
                #expect(words.contains("\(name)=\(value)"), "env \(name)")
                #expect(words.contains("B\(name)=\(value)"), "arg \(name)")
            }
            let labels = try await project.podman(
                "image", "inspect", "--format", "{{json .Labels}}", "localhost/demo:latest")
            let found = try JSONValue(parsing: Array(labels.output.utf8))
            for (name, value) in all { #expect(found[name]?.string == value, "label \(name)") }
            #expect(try await project.cacheImage("status").check().output.hasPrefix("fresh"))
        }
    }

    @Test(arguments: [#""A=B": x"#, #""": x"#, #"A: "a\0b""#, #""A\0": x"#])
    func whatNoProgramTakesIsRefusedWithItsLine(entry: String) async throws {
        try await Project.with { (project) async throws in
            for place in ["args", "labels"] {
                try project.write("cache-image.yml", "images:\n  demo:\n    target: test\n    \(place): {\(entry)}\n")
                let error = try await project.cacheImage("inputs", "--key").check(2).error
                #expect(error.contains("cache-image.yml:4"), "\(error)")
            }
            try project.write(
                "cache-image.yml",
                "images: {demo: {target: test}}\ntests:\n  levels:\n    unit:\n      command: [a]\n      env: {\(entry)}\n"
            )
            let error = try await project.runTests("unit").check(125).error
            #expect(error.contains("cache-image.yml:6"), "\(error)")
        }
    }
}
