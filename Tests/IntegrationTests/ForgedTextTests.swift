import Foundation
import TestSupport
import Testing

/// Names and texts of strangers in what the commands print: no control character reaches a terminal.
@Suite(.enabled(if: Requirements.tools("git"))) struct ForgedTextTests {
    static let name = "a\u{1B}[31m\u{9B}2J\u{202E}b.tar"

    private static func isHarmless(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy {
            $0.value == 10 || $0.value == 9
                || $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value) && $0.value != 0x202E
        }
    }

    @Test func noCommandPassesThemOn() async throws {
        try await Sandbox.with { sandbox in
            let project = Project(sandbox)
            try project.write("Dockerfile", "FROM scratch\nCOPY . /\n")
            try project.write("cache-image.yml", "images:\n  demo: {target: \"x\\e\\x9b\\u202e\"}\n")
            try project.write(".gitattributes", "*.tar filter=lfs\n\"*\u{202E}\" filter=lfs\n")
            try project.write(
                ".lfsconfig",
                "[x \"\u{1B}\u{202E}\"]\n\ty = \u{9B}\n[lfs]\n\turl = \"http://127.0.0.1:1/\u{202E}\u{1B}\"\n")
            let oid = String(repeating: "0", count: 64)
            try project.write(Self.name, "version https://git-lfs.github.com/spec/v1\noid sha256:\(oid)\nsize 5\n")
            try await project.git("init", "-q", "-b", "main")
            try await project.git("-c", "filter.lfs.clean=cat", "add", "-A")
            try await project.git("-c", "filter.lfs.clean=cat", "commit", "-q", "-m", "Names")
            try project.write(Self.name, "other\n")
            let commands = [
                ["status"], ["status", "--json"], ["explain", "--json"], ["config", "show"],
                ["config", "show", "--json"], ["list"],
                ["list", "--json"], ["inputs"], ["inputs", "--json"], ["lfs", "ls-files"],
                ["lfs", "ls-files", "--json"],
                ["lfs", "ls-files", "-n"], ["lfs", "ls-files", "-d"],
                ["lfs", "status"], ["lfs", "status", "--json"], ["lfs", "status", "--porcelain"], ["lfs", "track"],
                ["lfs", "track", "--json"], ["lfs", "env"], ["lfs", "env", "--json"], ["lfs", "fsck"],
                ["lfs", "fetch"],
                ["lfs", "checkout"], ["lfs", "fetch", "--dry-run"], ["lfs", "ext"],
            ]
            for command in commands {
                let result = try await sandbox.run("cache-image", command, in: project.folder)
                #expect(Self.isHarmless(result.output), "stdout of \(command)")
                #expect(Self.isHarmless(result.error), "stderr of \(command)")
            }
        }
    }
}
