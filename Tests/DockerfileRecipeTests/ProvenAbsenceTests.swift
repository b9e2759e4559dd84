import Foundation
import Git
import Hashing
import SystemCalls
import TestSupport
import Testing

@testable import Context
@testable import DockerfileRecipe
@testable import Records

/// Absent files whose content is known all the same, from their blobs or from the entry's record: rule 30.
@Suite struct ProvenAbsenceTests {
    /// Writes the record of the present inputs, commits it, and gives a clone that has the key of the project.
    private func entry(
        of project: Project, _ change: (inout ImageRequest) -> Void = { _ in }
    ) async throws -> (record: InputsRecord, clone: Project) {
        let record = try project.inputs(change).fullRecord(repository: try project.repository())
        try project.write("docker-cache/demo-latest.inputs.json", bytes: record.document)
        try await project.commit()
        try await project.sandbox.run("git", ["clone", "-q", "project", "clone"]).check()
        return (record, Project(sandbox: project.sandbox, folder: "clone"))
    }

    @Test(arguments: [
        "COPY . /s/", "COPY out/* z /s/", "COPY out /s/", "RUN --mount=type=bind,source=out,target=/s true",
    ])
    func blobsOfTheRecordProveASparseClone(instruction: String) async throws {
        let files = ["in/x": "1", "out/a": "2", "out/deep/b": "3", "z": "4"]
        try await Project.with(files, dockerfile: "FROM scratch\n\(instruction)\n") { (project) async throws in
            try project.write("out/run", "5", permissions: 0o755)
            try project.link("out/link", to: "a")
            try await project.commit()
            let (record, clone) = try await entry(of: project)
            for arguments in [["--cone"], ["--cone", "--sparse-index"]] {
                try await clone.sandbox.run(
                    "git", ["sparse-checkout", "set"] + arguments + ["in", "docker-cache"], in: "clone"
                ).check()
                let image = try clone.image(caches: clone.caches)
                let inputs = image.inputs
                #expect(inputs.key == record.key)
                #expect(inputs.record.files.map(\.path) == record.files.map(\.path))
                #expect(inputs.fullRecord(repository: try clone.repository()).submodules == record.submodules)
                let error = inputsError { _ = try clone.stage(image) }
                #expect(error?.description.contains("the sparse checkout leaves it out, and ") == true)
                #expect(error?.hint == "git sparse-checkout add out")
                #expect(inputsError { _ = try image.verify(repository: try clone.repository()) } != nil)
            }
            // Without the record and the memo, nothing tells what the blobs hold.
            #expect(inputsError { _ = try clone.inputs() }?.hint == "git sparse-checkout add out")
            // Another blob is another content.
            try project.write("out/a", "6")
            try await project.commit()
            try await clone.git("pull", "-q")
            let error = inputsError { _ = try clone.inputs(caches: clone.caches) }
            #expect(error?.description == "cannot use out/a as an input: the sparse checkout leaves it out")
        }
    }

    @Test func aPartialCloneNeedsTheRecordOnly() async throws {
        let files = ["in/x": "1", "out/a": "2", "z": "4"]
        try await Project.with(files) { (project) async throws in
            try project.link("out/link", to: "a")
            try await project.git("config", "uploadpack.allowFilter", "true")
            try await project.commit()
            let (record, _) = try await entry(of: project)
            let sandbox = project.sandbox
            try await sandbox.run(
                "git", ["clone", "-q", "--filter=blob:none", "--sparse", "file://\(project.root)", "part"]
            ).check()
            let part = Project(sandbox: sandbox, folder: "part")
            try await part.git("sparse-checkout", "add", "docker-cache")
            #expect(try part.inputs(caches: part.caches).key == record.key)
        }
    }

    @Test func pointersAndDeclaredFilesAreProvenToo() async throws {
        let pointer = Pointer(oid: .init(of: "content".utf8), size: 7)
        let files = ["out/.gitattributes": "big filter=lfs\n", "out/list": "2", "z": "4"]
        try await Project.with(files, dockerfile: "FROM scratch\nCOPY out/b* /s/\n") { (project) async throws in
            try project.write("out/big", bytes: pointer.encoded)
            try await project.commit()
            let (record, clone) = try await entry(of: project) { $0.inputs = ["out/l*"] }
            try await clone.git("sparse-checkout", "set", "docker-cache")
            let inputs = try clone.inputs(caches: clone.caches) { $0.inputs = ["out/l*"] }
            #expect(inputs.key == record.key)
            #expect(inputs.paths == ["out/big"])
        }
    }

    @Test func convertedFilesAreNotProven() async throws {
        let files = ["out/.gitattributes": "a ident\n", "out/a": "2", "z": "4"]
        try await Project.with(files) { (project) async throws in
            let (_, clone) = try await entry(of: project)
            try await clone.git("sparse-checkout", "set", "docker-cache")
            let error = inputsError { _ = try clone.inputs(caches: clone.caches) }
            #expect(error?.description == "cannot use out/a as an input: the sparse checkout leaves it out")
        }
    }

    /// Runs `body` with a project that has a submodule `mod`.
    private func withSubmodule(
        _ dockerfile: String, _ body: (Project) async throws -> Void
    ) async throws {
        let files = ["z": "1", ".dockerignore": "mod/skipped\n"]
        try await Project.with(files, dockerfile: "FROM scratch\n\(dockerfile)\n") { (project) async throws in
            for name in ["a", "skipped", "deep/b.md"] { try project.sandbox.write("other/\(name)", name) }
            try await AbsenceTests.addSubmodule("other", to: project, at: "mod")
            try await body(project)
        }
    }

    private static let forms = [
        "COPY . /s/", "COPY mod /s/", "COPY mod/* /s/", "COPY mod/deep/b.md z /s/", "COPY */*/*.md /s/",
        "RUN --mount=type=bind,source=mod/deep,target=/s true",
    ]

    @Test(arguments: forms) func theRecordProvesASubmoduleOfTheSameCommit(instruction: String) async throws {
        try await withSubmodule(instruction) { (project) async throws in
            let (record, clone) = try await entry(of: project)
            let commit = try await project.git("rev-parse", "HEAD:mod").output.dropLast()
            #expect(record.submodules == ["mod": ObjectID(hexadecimal: String(commit))])
            let read = try InputsRecord.read(record.document, named: "record", .all)
            #expect(read.submodules == record.submodules)
            let image = try clone.image(caches: clone.caches)
            let inputs = image.inputs
            #expect(inputs.key == record.key)
            #expect(inputs.fullRecord(repository: try clone.repository()).submodules == record.submodules)
            #expect(inputsError { _ = try clone.stage(image) }?.hint == "git submodule update --init -- mod")
            // What is put into its folder is not what the commit holds.
            try clone.write("mod/new", "1")
            #expect(inputsError { _ = try clone.inputs(caches: clone.caches) } != nil)
        }
    }

    @Test func anotherCommitOfASubmoduleIsNotProven() async throws {
        try await withSubmodule("COPY . /s/") { (project) async throws in
            let (_, clone) = try await entry(of: project)
            try project.write("mod/a", "2")
            try await project.sandbox.run("git", ["commit", "-qam", "y"], in: "project/mod").check()
            try await project.commit()
            try await clone.git("pull", "-q", "--no-recurse-submodules")
            let error = inputsError { _ = try clone.inputs(caches: clone.caches) }
            #expect(error?.description == "cannot use mod as an input: the submodule is not checked out")
            #expect(error?.hint == "git submodule update --init -- mod")
        }
    }

    /// The record lists what counted when it was made; more may count now, without a trace in the rest of the key.
    @Test(arguments: [".dockerignore", "Dockerfile", "z"])
    func nothingButTheKeyOfTheRecordIsProven(changed: String) async throws {
        try await withSubmodule("COPY mod/* z /s/") { (project) async throws in
            let (_, clone) = try await entry(of: project)
            let texts = [".dockerignore": "none\n", "Dockerfile": "FROM scratch\nCOPY m*/* z /s/\n", "z": "2"]
            try clone.write(changed, texts[changed] ?? "")
            let error = inputsError { _ = try clone.inputs(caches: clone.caches) }
            #expect(error?.hint == "git submodule update --init -- mod")
        }
    }

    @Test(arguments: ["change", "stage", "remove", "add", "mode"])
    func noChangedSubmoduleIsRecorded(what: String) async throws {
        try await withSubmodule("COPY mod/* /s/") { (project) async throws in
            switch what {
            case "change": try project.write("mod/a", "2")
            case "stage":
                try project.write("mod/a", "2")
                try await project.sandbox.run("git", ["add", "a"], in: "project/mod").check()
            case "remove": try project.remove("mod/a")
            case "add": try project.write("mod/new", "2")
            default: try project.chmod("mod/a", 0o755)
            }
            let inputs = try project.inputs()
            #expect(inputs.fullRecord(repository: try project.repository()).submodules.isEmpty)
        }
    }

    @Test func whatIsIgnoredMayDifferAndNestedSubmodulesAreProven() async throws {
        try await withSubmodule("COPY mod /s/") { (project) async throws in
            try project.sandbox.write("third/c", "c")
            let inner = Project(sandbox: project.sandbox, folder: "project/mod")
            try await AbsenceTests.addSubmodule("third", to: project, at: "unused")
            try await inner.git(
                "-c", "protocol.file.allow=always", "submodule", "add", "-q", project.sandbox.path("third").string, "in"
            )
            try await inner.git("commit", "-qam", "nested")
            try project.write("mod/skipped", "changed")
            let (record, clone) = try await entry(of: project)
            #expect(record.submodules.keys.sorted() == ["mod", "mod/in"])
            #expect(record.files.map(\.path).contains("mod/in/c"))
            #expect(try clone.inputs(caches: clone.caches).key == record.key)
            try project.write("mod/in/c", "d")
            let changed = try project.inputs().fullRecord(repository: try project.repository())
            #expect(changed.submodules.isEmpty)
        }
    }
}
