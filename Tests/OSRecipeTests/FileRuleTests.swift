import Foundation
import Testing

@testable import Context
@testable import OSRecipe
@testable import Records

/// Which files a template may name, and how (rule 58).
@Suite struct FileRuleTests {
    @Test(
        arguments: [
            ("../files/motd", "files/nothing", "cannot use os/files/nothing (os/edge.yml:7): there is no such file"),
            ("../files/motd", "../../motd", "cannot use ../../motd (os/edge.yml:7): it lies outside of the work tree"),
            ("../files/motd", "../files", "cannot use files (os/edge.yml:7): it is a folder"),
            ("../files/motd", "../.git/config", "cannot use .git/config (os/edge.yml:7): .git is never an input"),
            (
                "../files/motd", "../out.log",
                "cannot use out.log (os/edge.yml:7): it is git-ignored, so a fresh clone does not have it"
            ),
            ("../files/motd", "/nowhere/motd", "cannot use /nowhere/motd (os/edge.yml:7): No such file or directory"),
            ("base.yml", "no.yml", "cannot read os/no.yml (os/edge.yml:3): no such file"),
            ("base.yml", "edge.yml", "cannot read os/edge.yml:3: extends: the templates lead back to os/edge.yml"),
            (
                "base.yml", "/base.yml",
                "cannot use /base.yml (os/edge.yml:3): an absolute path is another one in each clone"
            ),
            ("image:", "image: [", "cannot read os/edge.yml:2: "),
        ] as [(String, String, String)])
    func aWrongPathIsNamedWithItsLine(old: String, new: String, message: String) async throws {
        let template = OSProject.template.replacing(old, with: new)
        try await OSProject.with(["os/edge.yml": template, ".gitignore": "*.log\n", "out.log": ""]) {
            (project) async throws in
            let error = inputsError { _ = try project.image() }
            #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "no error")")
        }
    }

    @Test func anAbsolutePathIntoTheWorkTreeIsRefused() async throws {
        try await OSProject.with { (project) async throws in
            try project.write(
                "os/edge.yml", OSProject.template.replacing("../files/motd", with: project.root.string + "/files/motd"))
            #expect(inputsError { _ = try project.image() }?.hint == "write it as seen from the template's folder")
        }
    }

    @Test func aMissingTemplateIsTheFaultOfTheConfiguration() async throws {
        try await OSProject.with(["os/edge.yml": nil]) { (project) async throws in
            let error = inputsError { _ = try project.image() }
            #expect(error?.description == "cannot read os/edge.yml: no such file" && error?.fault?.key == "os")
        }
    }

    @Test func aFileOfThisMachineCountsByItsContent() async throws {
        try await OSProject.with { (project) async throws in
            let key = project.sandbox.path("ring.gpg").string
            let template =
                OSProject.template + "\npackageRepositories:\n  - {codename: x, url: \"http://m/d\", pkey: \(key)}\n"
            try project.write("os/edge.yml", template)
            try project.sandbox.write("ring.gpg", "one")
            let before = try project.image()
            #expect(before.outside.map(\.path.string) == [key])
            try project.sandbox.write("ring.gpg", "two")
            let after = try project.image()
            #expect(after.inputs.record.reasons(since: before.inputs.record).map(\.description) == ["changed \(key)"])
            #expect(
                after.wishes.map(\.reason) == [
                    "os/edge.yml:11: packageRepositories names a package repository or key of its own",
                    "os/edge.yml:11: takes \(key), which is not of this work tree",
                ])
        }
    }

    @Test func linksAreFollowedInsideTheWorkTreeOnly() async throws {
        try await OSProject.with { (project) async throws in
            try project.remove("files/motd")
            try project.write("files/real", "hello\n")
            let link = project.root.string + "/files/motd"
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "real")
            let image = try project.image()
            #expect(image.inputs.files["files/motd"]?.digest != nil)
            let staged = try project.stage(image)
            #expect(try String(contentsOfFile: staged.directory.string + "/files/motd", encoding: .utf8) == "hello\n")
            try FileManager.default.removeItem(atPath: link)
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "../../elsewhere")
            #expect(inputsError { _ = try project.image() } != nil)
        }
    }

    @Test func aPlainTemplateAsksForNothing() async throws {
        try await OSProject.with { (project) async throws in
            #expect(try project.image().wishes == [])
            try project.write(
                "os/base.yml", "systemConfig:\n  hostname: edge\n  configurations:\n    - cmd: systemctl enable x\n")
            let wishes = try project.image().wishes
            #expect(
                wishes.map(\.reason) == [
                    "os/base.yml:4: systemConfig.configurations runs commands as root while the image is made"
                ])
            #expect(wishes.map(\.values) == [["systemConfig.configurations[0].cmd: systemctl enable x"]])
        }
    }
}
