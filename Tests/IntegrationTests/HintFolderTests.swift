import Foundation
import TestSupport
import Testing

/// The commands of hints work where the user stands.
@Suite(.enabled(if: Requirements.tools("git"))) struct HintFolderTests {
    /// Runs the command of a hint in a folder.
    private func follow(_ result: CommandResult, _ sandbox: Sandbox, in folder: String) async throws {
        let hint = result.error.split(separator: "\n").last { $0.hasPrefix("hint: ") }.map { String($0.dropFirst(6)) }
        let command = try #require(hint, "\(result)").replacing("resolve it, then ", with: "")
        try await sandbox.run("sh", ["-c", command], in: folder).check()
    }

    static let folders = [
        ("r", []), ("r/svc", []), ("r/svc/deep dir", []), ("", ["-C", "r/svc"]), ("other", ["-C", "../r"]),
    ]

    @Test(arguments: folders) func bringsWhatASparseCheckoutLeavesOut(folder: String, option: [String]) async throws {
        try await Sandbox.with { (sandbox) async throws in
            try sandbox.write("r/cache-image.yml", "images: {demo: {context: svc, dockerfile: svc/Dockerfile}}\n")
            try sandbox.write("r/svc/Dockerfile", "FROM scratch\nCOPY [\"s r c\", \"/s\"]\n")
            try sandbox.write("r/svc/s r c/a", "1\n")
            try sandbox.write("r/svc/deep dir/b", "1\n")
            try sandbox.write("other/x", "")
            try await sandbox.run("git", ["init", "-q"], in: "r").check()
            try await sandbox.run("git", ["add", "."], in: "r").check()
            try await sandbox.run("git", ["commit", "-qm", "x"], in: "r").check()
            for words in [
                ["sparse-checkout", "set", "--cone", "svc/deep dir"],
                ["sparse-checkout", "set", "--no-cone", "/*", "!/svc/s r c/"],
            ] {
                try await sandbox.run("git", words, in: "r").check()
                // What the memo of the clone knows of a blob would prove the file.
                try? FileManager.default.removeItem(atPath: sandbox.path("r/.git/cache-image").string)
                let refused = try await sandbox.run("cache-image", option + ["status"], in: folder).check(2)
                try await follow(refused, sandbox, in: folder)
                try await sandbox.run("cache-image", option + ["status"], in: folder).check()
                try await sandbox.run("git", ["sparse-checkout", "disable"], in: "r").check()
            }
            try await sandbox.run("git", ["update-index", "--skip-worktree", "svc/s r c/a"], in: "r").check()
            try FileManager.default.removeItem(atPath: sandbox.path("r/svc/s r c/a").string)
            try? FileManager.default.removeItem(atPath: sandbox.path("r/.git/cache-image").string)
            let refused = try await sandbox.run("cache-image", option + ["status"], in: folder).check(2)
            try await follow(refused, sandbox, in: folder)
            try await sandbox.run("cache-image", option + ["status"], in: folder).check()
        }
    }

    @Test(arguments: folders) func bringsSubmodules(folder: String, option: [String]) async throws {
        try await Sandbox.with { (sandbox) async throws in
            try await sandbox.run("git", ["config", "--global", "protocol.file.allow", "always"]).check()
            for (name, inner) in [("leaf", ""), ("mid", "leaf")] {
                try sandbox.write("\(name)/a", name)
                try await sandbox.run("git", ["init", "-q"], in: name).check()
                if !inner.isEmpty {
                    try await sandbox.run(
                        "git", ["submodule", "add", "-q", sandbox.path(inner).string, "in ner"], in: name
                    ).check()
                }
                try await sandbox.run("git", ["add", "."], in: name).check()
                try await sandbox.run("git", ["commit", "-qm", "x"], in: name).check()
            }
            try sandbox.write("whole/cache-image.yml", "images: {demo: {context: svc, dockerfile: svc/Dockerfile}}\n")
            try sandbox.write("whole/svc/Dockerfile", "FROM scratch\nCOPY lib /l\n")
            try sandbox.write("whole/svc/deep dir/b", "1\n")
            try sandbox.write("other/x", "")
            try await sandbox.run("git", ["init", "-q"], in: "whole").check()
            try await sandbox.run(
                "git", ["submodule", "add", "-q", sandbox.path("mid").string, "svc/lib"], in: "whole"
            ).check()
            try await sandbox.run("git", ["add", "."], in: "whole").check()
            try await sandbox.run("git", ["commit", "-qm", "x"], in: "whole").check()
            try await sandbox.run("git", ["clone", "-q", "whole", "r"]).check()
            // First the submodule, then the one in it.
            for _ in 0..<2 {
                let refused = try await sandbox.run("cache-image", option + ["status"], in: folder).check(2)
                try await follow(refused, sandbox, in: folder)
            }
            try await sandbox.run("cache-image", option + ["status"], in: folder).check()
        }
    }
}
