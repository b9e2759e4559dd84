import Foundation
import OSTemplate
import SystemCalls
import SystemPackage
import TestSupport
import Testing

@testable import OSTree

/// Names, users and files that a template adds.
@Suite("Trees: configuring", .enabled(if: geteuid() == 0 && Requirements.tools("unshare", "tar", "gzip")))
struct ConfiguringTests {
    @Test func filesUsersAndNamesAreInTheTar() async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("local/one", "1")
            try sandbox.write("local/bin/tool", "#!/bin/sh\n", permissions: 0o711)
            try sandbox.write("single", "s", permissions: 0o600)
            var system = SystemConfig()
            system.hostname = "edge"
            system.users = [.init(name: "op", passwordHash: "$6$s$h", groups: ["adm"], sudo: true)]
            system.additionalFiles = [
                .init(local: sandbox.path("local"), final: "/opt/app"),
                .init(local: sandbox.path("single"), final: "/etc/deep/er/single"),
            ]
            let result = try await sandbox.tree(["a"], [], system)
            let list = try await sandbox.run("tar", ["--numeric-owner", "-tvf", result.tar.string]).check().lines
            let shown = list.map { line in
                let words = line.split(separator: " ")
                return "\(words[0]) \(words[1]) \(words[5])"
            }
            for line in [
                "-rw-r--r-- 0/0 ./opt/app/one", "-rwxr-xr-x 0/0 ./opt/app/bin/tool",
                "-rw-r--r-- 0/0 ./etc/deep/er/single", "-r--r----- 0/0 ./etc/sudoers.d/op",
                "drwx------ 1000/1000 ./home/op/", "-rw-r--r-- 0/0 ./etc/hostname", "-rw-r----- 0/42 ./etc/shadow",
            ] { #expect(shown.contains(line), "\(line)") }
            #expect(list.allSatisfy { $0.contains(" 2025-01-01 ") || $0.contains(" 2024-") })
            try await sandbox.run("mkdir", ["x"]).check()
            try await sandbox.run("tar", ["-C", "x", "-xf", result.tar.string]).check()
            #expect(try sandbox.text("x/etc/hosts").contains("127.0.1.1\tedge\n"))
            #expect(try sandbox.text("x/etc/passwd").hasSuffix("op:x:1000:1000::/home/op:/bin/bash\n"))
        }
    }

    @Test func whatCannotBeCopiedIsNamed() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.run("mkfifo", ["pipe"]).check()
            try sandbox.write("file", "x")
            for (local, final) in [("pipe", "/etc/pipe"), ("file", "/etc"), ("none", "/etc/none")] {
                var system = SystemConfig()
                system.additionalFiles = [.init(local: sandbox.path(local), final: FilePath(final))]
                let error = await #expect(throws: TreeError.self) { try await sandbox.tree(["a"], [], system) }
                #expect(error?.description.hasPrefix("cannot ") == true, "\(local)")
            }
        }
    }
}
