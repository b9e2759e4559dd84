import Foundation
import OCI
import Testing

@testable import Context
@testable import DockerfileRecipe
@testable import Records

/// Every change of the key has a reason, and no other change has one: rules 54 and 55.
@Suite struct MutationTests {
    static let dockerfile = """
        ARG BASE=python:3.10-slim
        FROM ${BASE} AS base
        ARG USER_ID=1000
        ENV APP=/app
        WORKDIR /app
        COPY requirements*.txt ./
        RUN pip install -r requirements.txt
        FROM base AS unused
        COPY unused/ /u/
        FROM base AS test
        LABEL version=1
        COPY --chmod=755 bin/ /usr/local/bin/
        COPY src/ ./src/
        COPY link ./data
        RUN --mount=type=bind,source=tests,target=/t make
        CMD ["pytest"]
        ARG LATE=1

        """

    static let files = [
        "requirements.txt": "a\n", "requirements-dev.txt": "b\nc\n", "bin/run": "x\n", "src/main.py": "1\n2\n",
        "src/util.py": "util\n", "src/empty.py": "", "data/d": "d\n", "tests/t.py": "t\n", "unused/u": "u\n",
        "src/kept.pyc": "kept",
        "docs/x.md": "x\n", ".dockerignore": "**/*.pyc\n", ".gitignore": "*.log\n",
    ]

    /// A change and the names of its reasons; none where the key stays.
    struct Mutation: Sendable, CustomTestStringConvertible {
        let name: String
        let reasons: [Reason.Name]
        let apply: @Sendable (Project) throws -> Void
        var request: @Sendable (inout ImageRequest) -> Void = { _ in }
        var testDescription: String { name }

        init(
            _ name: String, _ reasons: [Reason.Name], _ apply: @escaping @Sendable (Project) throws -> Void = { _ in },
            request: @escaping @Sendable (inout ImageRequest) -> Void = { _ in }
        ) {
            self.name = name
            self.reasons = reasons
            self.apply = apply
            self.request = request
        }

        /// Replaces text in the Dockerfile.
        static func edit(_ name: String, _ reasons: [Reason.Name], _ old: String, _ new: String) -> Mutation {
            Mutation(name, reasons) { project in
                let text = try project.sandbox.text("project/Dockerfile")
                let changed = text.replacingOccurrences(of: old, with: new)
                #expect(text != changed, "\(old) is not in the Dockerfile")
                try project.write("Dockerfile", changed)
            }
        }
    }

    static let mutations: [Mutation] = [
        Mutation("nothing", []),
        Mutation("touch a file", []) { try $0.write("src/main.py", "1\n2\n") },
        Mutation("edit a copied file", [.fileContentChanged]) { try $0.write("src/main.py", "1\n3\n") },
        Mutation("edit keeping the size", [.fileContentChanged]) { try $0.write("src/util.py", "lutu\n") },
        Mutation("edit a file of no source", []) { try $0.write("docs/x.md", "y\n") },
        Mutation("edit a file of an unused stage", []) { try $0.write("unused/u", "y\n") },
        Mutation("add a file", [.fileAdded]) { try $0.write("src/new.py", "new\n") },
        Mutation("add an empty file", [.fileAdded]) { try $0.write("src/__init__.py", "") },
        Mutation("add a file that is ignored", []) { try $0.write("src/x.pyc", "x") },
        Mutation("add a file that Git ignores", []) { try $0.write("src/x.log", "x") },
        Mutation("add a file for a wildcard", [.fileAdded]) { try $0.write("requirements-x.txt", "x\n") },
        Mutation("add an empty folder", []) {
            try FileManager.default.createDirectory(
                atPath: $0.root.string + "/src/empty", withIntermediateDirectories: true)
        },
        Mutation("remove a file", [.fileRemoved]) { try $0.remove("src/util.py") },
        Mutation("rename a file", [.fileRenamed]) {
            try $0.remove("src/util.py")
            try $0.write("src/tools.py", "util\n")
        },
        Mutation("move a line between files", [.fileContentChanged, .fileContentChanged]) {
            try $0.write("requirements.txt", "a\nb\n")
            try $0.write("requirements-dev.txt", "c\n")
        },
        Mutation("make a file executable", [.fileModeChanged]) { try $0.chmod("src/main.py", 0o755) },
        Mutation("make a file executable below --chmod", []) { try $0.chmod("bin/run", 0o755) },
        Mutation("change other mode bits", []) { try $0.chmod("src/main.py", 0o600) },
        Mutation("turn a file into a link", [.fileTypeChanged]) { try $0.link("src/util.py", to: "main.py") },
        Mutation("change line ends only", [.fileEOLOnly]) { try $0.write("src/main.py", "1\r\n2\r\n") },
        Mutation("edit what a source link leads to", [.fileContentChanged]) { try $0.write("data/d", "e\n") },
        Mutation("lead a source link to equal content", []) {
            try $0.write("other/d", "d\n")
            try $0.link("link", to: "other")
        },
        Mutation("edit a bind-mounted file", [.fileContentChanged]) { try $0.write("tests/t.py", "u\n") },
        Mutation("ignore a file", [.fileLeftByIgnore]) { try $0.write(".dockerignore", "**/*.pyc\nsrc/util.py\n") },
        Mutation("ignore a file by Git's rules, tracked", []) { try $0.write(".gitignore", "*.log\nsrc/util.py\n") },
        Mutation("reword the ignore file", []) { try $0.write(".dockerignore", "# none\n**/*.pyc\ndocs\n") },
        Mutation("stop ignoring", [.fileEnteredByIgnore]) {
            try $0.write(".dockerignore", "\n")
        },
        Mutation("give an argument", [.argChanged], request: { $0.arguments["USER_ID"] = "1001" }),
        Mutation("give an argument its default", [], request: { $0.arguments["USER_ID"] = "1000" }),
        Mutation("give an argument that nothing sees", [], request: { $0.arguments["LATE"] = "2" }),
        Mutation("give an undeclared argument", [], request: { $0.arguments["OTHER"] = "2" }),
        Mutation("give a proxy", [], request: { $0.arguments["HTTPS_PROXY"] = "http://x" }),
        Mutation(
            "choose another base by argument", [.baseAdded, .baseRemoved, .argChanged],
            request: {
                $0.arguments["BASE"] = "python:3.11-slim"
            }),
        Mutation("choose another target", [.targetChanged], request: { $0.target = "unused" }),
        Mutation("name the last stage", [], request: { $0.target = "test" }),
        Mutation(
            "choose another platform", [.platformChanged], request: { $0.platform = .init(architecture: "arm64") }),
        Mutation("give a label", [.labelChanged], request: { $0.labels["a"] = "1" }),
        Mutation("salt", [.saltChanged], request: { $0.salt["a"] = "1" }),
        Mutation("declare an extra", [.extraChanged], request: { $0.inputs = ["docs/x.md"] }),
        .edit("change a default", [.argChanged], "USER_ID=1000", "USER_ID=1001"),
        .edit("change the default of an argument nothing sees", [], "LATE=1", "LATE=2"),
        .edit("change a RUN", [.instructionChanged], "pip install -r", "pip install -q -r"),
        .edit("change white space in a RUN", [.instructionChanged], "pip install -r", "pip  install -r"),
        .edit("continue a line", [], "RUN pip install -r", "RUN pip \\\n # remark\n\ninstall -r"),
        .edit("add a comment", [], "FROM base AS test", "# remark\nFROM base AS test"),
        .edit("change the case of a keyword", [], "WORKDIR /app", "workdir /app"),
        .edit("add an instruction", [.instructionAdded], "CMD [", "RUN true\nCMD ["),
        .edit("remove an instruction", [.instructionRemoved], "RUN pip install -r requirements.txt\n", ""),
        .edit("add a COPY", [.instructionAdded], "CMD [", "COPY docs /docs\nCMD ["),
        .edit("remove a COPY", [.instructionRemoved], "COPY src/ ./src/\n", ""),
        .edit("change a destination", [.instructionChanged], "./src/\n", "./source/\n"),
        .edit("quote and order ENV", [], "ENV APP=/app", "ENV APP=\"/app\""),
        .edit("change ENV", [.configChanged], "ENV APP=/app", "ENV APP=/srv"),
        .edit("change the working folder", [.instructionChanged, .configChanged], "WORKDIR /app", "WORKDIR /srv"),
        .edit("change a label", [.labelChanged], "version=1", "version=2"),
        .edit(
            "move metadata", [], "LABEL version=1\nCOPY --chmod=755 bin/ /usr/local/bin/\n",
            "COPY --chmod=755 bin/ /usr/local/bin/\nLABEL version=1\n"),
        .edit("change CMD", [.configChanged], "[\"pytest\"]", "[\"pytest\", \"-q\"]"),
        .edit("add EXPOSE", [.configChanged], "CMD [", "EXPOSE 80\nCMD ["),
        .edit("add a HEALTHCHECK", [.configChanged], "CMD [", "HEALTHCHECK CMD true\nCMD ["),
        .edit("add USER", [.configChanged], "CMD [", "USER me\nCMD ["),
        .edit("change an unused stage", [], "COPY unused/ /u/", "RUN anything"),
        .edit("rename a stage", [], " base", " first"),
        .edit("change --chmod", [.instructionChanged], "--chmod=755", "--chmod=700"),
        .edit("change a mount", [.instructionChanged], "target=/t", "target=/u"),
        .edit(
            "swap two instructions", [.instructionAdded, .instructionRemoved], "COPY src/ ./src/\nCOPY link ./data\n",
            "COPY link ./data\nCOPY src/ ./src/\n"),
        .edit("write carriage returns", [], "\n", "\r\n"),
        .edit("declare a frontend", [.frontendChanged], "ARG BASE", "# syntax=docker/dockerfile:1\nARG BASE"),
    ]

    @Test(arguments: mutations)
    func everyChangeOfTheKeyHasItsReason(mutation: Mutation) async throws {
        try await Project.with(Self.files, dockerfile: Self.dockerfile) { (project) async throws in
            try project.link("link", to: "data")
            try await project.commit()
            let before = try project.inputs()
            try mutation.apply(project)
            let after = try project.inputs(mutation.request)
            let reasons = after.reasons(since: before.record, repository: try project.repository())
            let bare = after.record.reasons(since: before.record)
            #expect((after.key != before.key) == !mutation.reasons.isEmpty)
            #expect(bare.isEmpty == reasons.isEmpty)
            #expect(Set(reasons.map(\.name)) == Set(mutation.reasons), "\(reasons.map(\.description))")
            #expect(reasons.count <= max(mutation.reasons.count, 12), "\(reasons.map(\.description))")
            // The same holds for what was written and read.
            let read = try InputsRecord.read(before.record.document, named: "x", .all)
            let again = after.reasons(since: read, repository: try project.repository())
            #expect(again == reasons)
        }
    }

    @Test func namesTheInstructionThatReachesAFile() async throws {
        try await Project.with(Self.files, dockerfile: Self.dockerfile) { (project) async throws in
            try project.link("link", to: "data")
            let before = try project.inputs()
            try project.write("src/main.py", "changed")
            let reasons = try project.inputs().record.reasons(since: before.record)
            #expect(reasons.map(\.description) == ["changed src/main.py <- COPY src/ ./src/ (Dockerfile:13)"])
            let json = reasons[0].json
            #expect(json["reason"] == "file-content-changed")
            #expect(json["path"] == "src/main.py")
            #expect(json["line"] == 13)
            #expect(json["old"]?.string?.count == 64)
        }
    }

    @Test func namesTheLinesOfAnArgument() async throws {
        try await Project.with(Self.files, dockerfile: Self.dockerfile) { (project) async throws in
            try project.link("link", to: "data")
            let before = try project.inputs()
            let after = try project.inputs { $0.arguments["USER_ID"] = "1001" }
            let reasons = after.record.reasons(since: before.record)
            #expect(reasons.map(\.description) == ["argument USER_ID changed: 1000 -> 1001 (Dockerfile:3)"])
            #expect(reasons[0].json["name"] == "USER_ID")
            #expect(!reasons[0].distrustsStepCache)
        }
    }

    @Test func saysThatTheRulesChangedAndNothingElse() async throws {
        try await Project.with(["a": "1"]) { (project) async throws in
            let before = try project.inputs()
            var old = before.record
            old.algorithm = "cache-image-key/0"
            old.key = .zero
            try project.write("a", "2")
            let reasons = try project.inputs().record.reasons(since: old)
            #expect(reasons.map(\.name) == [.keyRulesChanged])
        }
    }
}
