import Foundation
import Git
import SystemCalls
import SystemPackage
import TestSupport
import Testing

@testable import Context
@testable import DockerfileRecipe
@testable import Records

/// A link or file in place of a folder that a sparse checkout leaves out: Git does not look through it, and neither do we.
@Suite struct ReplacedFolderTests {
    /// What stands in place of `src`, or of `src/sub`.
    enum Replacement: String, CaseIterable {
        case linkToFolder, linkToFile, file, innerLink

        func make(in project: Project) throws {
            switch self {
            case .linkToFolder: try project.link("src", to: "other")
            case .linkToFile: try project.link("src", to: "other/a")
            case .file: try project.write("src", "a file\n")
            case .innerLink:
                try project.write("src/c", "c\n")
                try project.link("src/sub", to: "../other/sub")
            }
        }
    }

    private static func with(
        _ dockerfile: String, sparse: [String], _ body: (Project) async throws -> Void
    ) async throws {
        let files = [
            "src/a": "1", "src/sub/b": "2", "src/c": "c\n", "keep/k": "3", "other/a": "4", "other/sub/b": "5",
            "other/x": "6",
        ]
        try await Project.with(files, dockerfile: "FROM scratch\n\(dockerfile)\n") { (project) async throws in
            try await project.git(["sparse-checkout", "set", "--no-cone", "/*"] + sparse)
            try await body(project)
        }
    }

    private static let forms = [
        "COPY src /s", "COPY . /s", "COPY s* /s/", "COPY src/* /s/", "COPY */sub /s/", "COPY src/sub /s",
        "COPY src/sub/b /s", "COPY src/../src/sub /s", "RUN --mount=type=bind,source=src/sub,target=/s true",
    ]

    @Test(arguments: Replacement.allCases) func isRefusedAsTheFolderItself(replacement: Replacement) async throws {
        let left = replacement == .innerLink ? ["!/src/sub/"] : ["!/src/"]
        try await Self.with("COPY keep /k", sparse: left) { (project) async throws in
            let key = try project.key()
            try replacement.make(in: project)
            #expect(try project.key() == key)
            for form in Self.forms {
                try project.write("Dockerfile", "FROM scratch\n\(form)\n")
                let error = inputsError { _ = try project.inputs() }
                let text = "\(form): \(String(describing: error))"
                #expect(error?.description.hasPrefix("cannot use src/") == true, "\(text)")
                #expect(error?.description.contains("the sparse checkout leaves it out") == true, "\(text)")
                #expect(error?.hint?.hasPrefix("git sparse-checkout add /src") == true, "\(text)")
            }
            for opaque in [false, true] {
                #expect(inputsError { _ = try project.inputs { $0.hasNamedContexts = opaque } } != nil)
            }
            #expect(inputsError { _ = try project.inputs { $0.inputs = ["src/**"] } } != nil)
            // What the link leads to may be named itself.
            try project.write("Dockerfile", "FROM scratch\nCOPY other keep /s/\n")
            #expect(try project.inputs().paths == ["keep/k", "other/a", "other/sub/b", "other/x"])
        }
    }

    @Test func aContextOrDockerfileBehindALinkIsRefused() async throws {
        try await Self.with("COPY keep /k", sparse: ["!/src/"]) { (project) async throws in
            try project.link("src", to: "other")
            try project.write("other/Dockerfile", "FROM scratch\nCOPY . /s\n")
            for folder in ["src", "src/sub"] {
                let error = inputsError {
                    _ = try project.inputs { $0.context = project.root.pushing(FilePath(folder)) }
                }
                #expect(error?.description == "cannot use src/a as an input: the sparse checkout leaves it out")
            }
            let error = inputsError {
                _ = try project.inputs { $0.dockerfile = project.root.pushing("src/Dockerfile") }
            }
            #expect(error?.description == "cannot use src/a as an input: the sparse checkout leaves it out")
            #expect(
                try InputsError.absence(
                    below: project.root.appending("src"), in: try #require(try project.repository()),
                    root: project.root) != nil)
        }
    }

    @Test func aTrackedLinkToTheContextShowsWhatIsAbsentThere() async throws {
        let files = ["real/a": "1", "real/sub/b": "2"]
        try await Project.with(files, dockerfile: "FROM scratch\nCOPY . /s\n") { (project) async throws in
            try project.link("ctx", to: "real")
            try await project.commit()
            func inputs() throws -> ImageInputs {
                try project.inputs { $0.context = project.root.appending("ctx") }
            }
            #expect(try inputs().paths == ["a", "sub/b"])
            try await project.git("sparse-checkout", "set", "--no-cone", "/*", "!/real/sub/")
            let error = inputsError { _ = try inputs() }
            #expect(error?.description.hasSuffix("sub/b as an input: the sparse checkout leaves it out") == true)
            #expect(error?.hint == "git sparse-checkout add /real/sub /real/sub/b")
        }
    }

    @Test func aSubmoduleThatALinkReplacesIsNotCheckedOut() async throws {
        try await AbsenceTests.with(.submodule, dockerfile: "COPY out /s") { (project) async throws in
            try await project.sandbox.run("git", ["clone", "-q", "other", "project/away"]).check()
            try await AbsenceTests.remove(project, by: .submodule)
            try project.link("out", to: "away")
            for form in ["COPY out /s", "COPY . /s", "COPY o* /s/", "COPY out/a /s"] {
                try project.write("Dockerfile", "FROM scratch\n\(form)\n")
                let error = inputsError { _ = try project.inputs() }
                #expect(error?.description.hasSuffix("the submodule is not checked out") == true, "\(form)")
            }
        }
    }

    @Test func aLinkThatTakesThePlaceOfAFileIsTheUsersChange() async throws {
        try await Self.with("COPY src/a /s", sparse: ["!/src/a"]) { (project) async throws in
            try project.link("src/a", to: "../other/x")
            #expect(throws: Never.self) { _ = try project.inputs() }
        }
    }
}
