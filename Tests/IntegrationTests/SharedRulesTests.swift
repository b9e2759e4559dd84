import Foundation
import TestSupport
import Testing

/// What Git will commit of an entry is what was meant, or the command says which rule is in the way (9).
@Suite(.enabled(if: Requirements.tools("podman", "git")), .tags(.engine)) struct SharedRulesTests {
    @Test func aRuleOnTheWholeFolderLeavesTheSmallFilesAlone() async throws {
        try await Project.with { (project) async throws in
            try project.write(".gitattributes", "docker-cache/** filter=lfs diff=lfs merge=lfs -text\n")
            try await project.commit("rule")
            _ = try await project.cacheImage("update", "-q").check()
            #expect(try await project.gitStatus().split(separator: "\n").allSatisfy { !$0.hasPrefix("AM") })
            try await project.commit("entry")
            #expect(try await project.gitStatus() == "")
            _ = try await project.sandbox.run("git", ["clone", "-q", "project", "clone"]).check()
            let clone = Project(project.sandbox, folder: "clone")
            #expect(try await clone.cacheImage("status").check().output.hasPrefix("pointer "))
            // The same rule behind our lines, where the entry is current.
            let ours = try project.sandbox.text("project/.gitattributes").split(separator: "\n").filter {
                !$0.contains("-filter")
            }
            try project.write(
                ".gitattributes",
                ours.dropFirst().joined(separator: "\n") + "\ndocker-cache/*.md5 -text\ndocker-cache/*.json -text\n"
                    + ours[0] + "\ndocker-cache/*.tar filter=lfs diff=lfs merge=binary -text\n")
            _ = try await project.cacheImage("update", "-q").check()
            try await project.commit("again")
            #expect(try await project.git("show", "HEAD:docker-cache/demo-latest.inputs.json").output.hasPrefix("{"))
        }
    }

    @Test func whatIsIgnoredIsNamedUnlessAllOfItIs() async throws {
        try await Project.with { (project) async throws in
            try project.write(".gitignore", "*.tar\n")
            try await project.commit("ignore")
            let head = try await project.git("rev-parse", "HEAD^{tree}").output
            for _ in 0..<2 {
                let update = try await project.cacheImage("update", "-q").check(9)
                #expect(update.error.contains("docker-cache/demo-latest.tar is git-ignored (.gitignore:1: *.tar)"))
                #expect(update.error.contains("hint: '!docker-cache/*.tar' in .gitignore shares it"))
            }
            #expect(try await project.git("write-tree").output == head)
            #expect(try await project.runTests("unit").check().error.contains("(.gitignore:1: *.tar)"))
            // The advice helps.
            try project.write(".gitignore", "*.tar\n!docker-cache/*.tar\n")
            _ = try await project.cacheImage("update", "-q").check()
            #expect(try await project.git("ls-files", "docker-cache").lines.count == 4)
            _ = try await project.git("rm", "-rq", "--cached", "docker-cache")
            try project.write(".gitignore", "docker-cache/\n")
            let local = try await project.cacheImage("update", "-q").check()
            #expect(local.error == "")
            #expect(try await project.git("ls-files", "docker-cache").output == "")
        }
    }

    @Test func aFreshCloneWithOtherLineEndsIsForetold() async throws {
        try await Project.with { (project) async throws in
            try project.write(".gitattributes", "* text=auto eol=crlf\nbusybox -text\n")
            try await project.commit("crlf")
            let update = try await project.cacheImage("update", "-q").check()
            #expect(
                update.error.contains("a fresh clone holds requirements.txt and 1 more with CRLF line ends"),
                "\(update)")
            try await project.commit("entry")
            _ = try await project.sandbox.run("git", ["clone", "-q", "project", "clone"]).check()
            let explain = try await Project(project.sandbox, folder: "clone").cacheImage("explain").check()
            #expect(explain.output.contains("line ends of requirements.txt changed"))
            #expect(explain.output.contains("line ends of src/main.txt changed"))
        }
    }
}
