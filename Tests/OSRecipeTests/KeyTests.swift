import OCI
import Testing

@testable import Context
@testable import OSRecipe
@testable import Records

/// What decides an OS image, and what is said of a change (rules 57 to 60).
@Suite struct KeyTests {
    @Test(
        arguments: [
            (
                "os/edge.yml", "packages: [curl, nano]", "packages: [curl, nano, vim]",
                ["systemConfig.packages: + vim (os/edge.yml)"]
            ),
            (
                "os/edge.yml", "packages: [curl, nano]", "packages: [vim, nano]",
                ["systemConfig.packages: - curl (os/edge.yml)", "systemConfig.packages: + vim (os/edge.yml)"]
            ),
            (
                "os/edge.yml", "packages: [curl, nano]", "packages: [nano, curl]",
                ["systemConfig.packages: curl nano -> nano curl (os/edge.yml)"]
            ),
            ("os/edge.yml", "\"1.0\"", "\"1.1\"", ["image.version: 1.0 -> 1.1 (os/edge.yml)"]),
            ("os/edge.yml", "image:", "# A remark\nimage:", ["changed os/edge.yml"]),
            (
                "os/edge.yml", "arch: x86_64", "arch: aarch64",
                [
                    "platform changed: linux/amd64 -> linux/arm64",
                    "target.arch: x86_64 -> aarch64 (os/edge.yml)",
                ]
            ),
            ("os/base.yml", "edge", "rim", ["systemConfig.hostname: edge -> rim (os/base.yml)"]),
            ("files/motd", "hello", "good bye", ["changed files/motd"]),
            ("os/edge.lock.json", "7.88", "7.89", ["package curl changed: 7.88 -> 7.89 (os/edge.lock.json)"]),
            ("os/edge.lock.json", "[]", "[1]", ["changed os/edge.lock.json"]),
            ("src/unrelated", "1", "2", []),
        ] as [(String, String, String, [String])])
    func eachChangeOfAFileHasItsReason(
        file: String, old: String, new: String, reasons: [String]
    ) async throws {
        try await OSProject.with { (project) async throws in
            let before = try project.image().inputs
            #expect(before.marks.isEmpty && before.warnings.isEmpty)
            let text = try #require(OSProject.files[file])
            #expect(text.contains(old))
            try project.write(file, text.replacing(old, with: new))
            let after = try project.image().inputs
            #expect((before.key == after.key) == reasons.isEmpty)
            let recorded = try InputsRecord.read(before.record.document, named: "record", .all)
            #expect(after.reasons(since: recorded, repository: try project.repository()).map(\.description) == reasons)
            #expect(recorded.recipe == "os" && recorded.template == before.record.template)
            try await project.commit()
            #expect(try project.image().inputs.key == after.key)
            #expect(try project.image().verify(repository: project.repository()) == [])
        }
    }

    @Test func packagesComeAndGo() async throws {
        try await OSProject.with { (project) async throws in
            let before = try project.image().inputs.record
            try project.write("os/edge.lock.json", OSProject.lock(["curl": "7.88", "vim": "9.0"]))
            let reasons = try project.image().inputs.record.reasons(since: before).map(\.description)
            #expect(
                reasons == [
                    "package nano is no longer installed (os/edge.lock.json)",
                    "new package vim 9.0 (os/edge.lock.json)",
                ])
        }
    }

    @Test func withoutALockThereIsAMark() async throws {
        try await OSProject.with(["os/edge.lock.json": nil]) { (project) async throws in
            let image = try project.image()
            #expect(!image.isLocked)
            #expect(
                image.inputs.marks == [Mark(.packagesUnlocked, "there is no os/edge.lock.json")])
            try project.write("os/edge.lock.json", OSProject.lock(["curl": "7.88"]))
            let locked = try project.image()
            #expect(locked.isLocked && locked.inputs.marks.isEmpty && locked.inputs.key != image.inputs.key)
            let reasons = locked.inputs.record.reasons(since: image.inputs.record).map(\.description)
            #expect(reasons == ["new os/edge.lock.json"])
            #expect(locked.inputs.warnings.first?.contains("not in Git") == true)
        }
    }

    @Test func whatIsDeclaredCounts() async throws {
        try await OSProject.with(["compose.yml": "a"]) { (project) async throws in
            let plain = try project.image().inputs
            let salted = try project.image { $0.salt = ["refresh": "2026-11"] }.inputs
            #expect(salted.record.reasons(since: plain.record).map(\.name) == [.saltChanged])
            let wide = try project.image { $0.inputs = ["compose.yml"] }.inputs
            #expect(wide.record.reasons(since: plain.record).map(\.name) == [.extraChanged])
            let other = try project.image { $0.dockerfile = project.root.appending("os/base.yml") }.inputs
            #expect(other.key != plain.key)
        }
    }

    @Test func aPlatformIsThatOfTheTemplate() async throws {
        try await OSProject.with { (project) async throws in
            let arm = try Platform("linux/arm64")
            // The host's does not count.
            #expect(try project.image { $0.platform = arm }.inputs.key == project.image().inputs.key)
            #expect(try project.image { $0.platform = arm }.inputs.imagePlatform == .linuxAMD64)
            let error = inputsError { _ = try project.image { $0.declaredPlatform = arm } }
            #expect(error?.fault?.key == "platform")
            #expect(
                error?.description
                    == "cannot make an image for linux/arm64: os/edge.yml makes an image for linux/amd64")
        }
    }

    @Test func noPasswordIsRecorded() async throws {
        try await OSProject.with { (project) async throws in
            let image = try project.image()
            let document = String(decoding: image.inputs.record.document, as: UTF8.self)
            #expect(document.contains("\"curl\"") && !document.contains("opensesame"))
            try project.write("os/edge.yml", OSProject.template.replacing("opensesame", with: "shutsesame"))
            let reasons = try project.image().inputs.record.reasons(since: image.inputs.record)
            #expect(reasons.map(\.subject) == ["systemConfig.users[0].password"])
            #expect(reasons.allSatisfy { !$0.description.contains("sesame") })
        }
    }

    @Test func anotherRecipeIsOneReason() async throws {
        try await OSProject.with { (project) async throws in
            let record = try project.image().inputs.record
            var other = InputsRecord()
            other.key = .zero
            #expect(record.reasons(since: other).map(\.description) == ["recipe changed: dockerfile -> os"])
        }
    }

    @Test func worksOutsideOfARepository() async throws {
        try await OSProject.with(git: false) { (project) async throws in
            let image = try project.image()
            #expect(
                image.inputs.files.map(\.path.description).sorted() == [
                    "files/motd", "os/base.yml", "os/edge.lock.json", "os/edge.yml",
                ])
        }
    }

    @Test func unmodifiedFilesAreProvenByTheIndex() async throws {
        try await OSProject.with { (project) async throws in
            var caches = InputCaches()
            caches.memo = project.root.appending(".git/cache-image/memo")
            caches.stat = project.root.appending(".git/cache-image/stat")
            #expect(try project.image(caches: caches).inputs.readCount == 4)
            #expect(try project.image(caches: caches).inputs.readCount == 0)
        }
    }
}
