import Foundation
import Git
import SystemCalls
import SystemPackage
import TestSupport
import Testing

/// Files in Git's folder have the modes that git gives them, whatever `core.sharedRepository` says.
@Suite struct SharedPermissionTests {
    @Test(arguments: ["umask", "group", "all", "0640", "0664"])
    func filesAreAsOpenAsThoseOfGit(setting: String) async throws {
        try await Sandbox.with { sandbox in
            // The index is from before the repository was shared. Other tests change this process' mask meanwhile.
            let script = """
                umask 022
                for name in ours gits; do
                    git init -q $name && cd $name && git update-index --force-write-index
                    git config core.sharedRepository \(setting) && echo content >a && cd ..
                done
                cd gits && git add a && git config x.y z
                """
            try await sandbox.run("sh", ["-c", script]).check()
            let repository = try sandbox.open("ours")
            try await repository.stage([StagedFile("a")])
            try repository.setConfiguration("x.y", to: "z")
            try repository.sharedPermission.createDirectories(sandbox.path("ours/.git/deep/er"))
            let blob = ObjectID(ofBlob: Array("content\n".utf8)).hexadecimal
            let object = "objects/\(blob.prefix(2))/\(blob.dropFirst(2))"
            for file in ["index", "config", object, "objects/\(blob.prefix(2))"] {
                #expect(try mode(sandbox, "ours", file) == mode(sandbox, "gits", file), "\(file)")
            }
            #expect(try mode(sandbox, "ours", "deep") == mode(sandbox, "gits", "objects/\(blob.prefix(2))"))
            #expect(try mode(sandbox, "ours", "deep/er") == mode(sandbox, "ours", "deep"))
        }
    }

    private func mode(_ sandbox: Sandbox, _ name: String, _ file: String) throws -> String? {
        try FileStatus.of(sandbox.path("\(name)/.git/\(file)")).map { String($0.permissions & 0o777, radix: 8) }
    }

    @Test func aFileThatOnlyItsOwnerMayReadStaysSo() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeRepository()
            let config = sandbox.path("repo/.git/config")
            let exclude = sandbox.path("repo/.git/info/exclude")
            try Files.setPermissions(config, 0o600)
            try sandbox.write("repo/.git/info/exclude", "x\n", permissions: 0o640)
            let repository = try sandbox.open()
            try repository.setConfiguration("x.y", to: "z")
            try repository.exclude("/y".utf8)
            #expect(try FileStatus.of(config)?.permissions == 0o600)
            #expect(try repository.unsetConfiguration("x.y"))
            #expect(try FileStatus.of(config)?.permissions == 0o600)
            #expect(try FileStatus.of(exclude)?.permissions == 0o640)
            let file = sandbox.path("repo/own")
            try Files.replace(file, with: [1], permissions: 0o600)
            try Files.replace(file, with: [2])
            #expect(try FileStatus.of(file)?.permissions == 0o600)
        }
    }
}
