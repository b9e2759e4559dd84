import Foundation
import Git
import Hashing
import SystemCalls
import SystemPackage
import Testing

@testable import DockerfileRecipe
@testable import Records

/// Files under Git LFS: rule 15.
@Suite struct LFSInputTests {
    static let content = Array("some content that is large\n".utf8)
    static var oid: SHA256Digest { SHA256Digest(of: content) }
    static var pointer: String {
        "version https://git-lfs.github.com/spec/v1\noid \(oid)\nsize \(content.count)\n"
    }

    private func withPointer(_ body: (Project) async throws -> Void) async throws {
        let files = ["a.bin": Self.pointer, "plain": Self.pointer, ".gitattributes": "*.bin filter=lfs -text\n"]
        try await Project.with(files) { project in try await body(project) }
    }

    @Test func givesPointerAndContentOneKey() async throws {
        try await withPointer { (project) async throws in
            let inputs = try project.inputs()
            #expect(inputs.files["a.bin"]?.digest == Self.oid)
            #expect(inputs.files["a.bin"]?.size == Int64(Self.content.count))
            #expect(inputs.files["a.bin"]?.isLFS == true)
            #expect(inputs.readCount <= 5)
            try project.write("a.bin", bytes: Self.content)
            let smudged = try project.inputs()
            #expect(smudged.key == inputs.key)
            #expect(smudged.files["a.bin"] == inputs.files["a.bin"])
            try project.write("a.bin", "other")
            #expect(try project.key() != inputs.key.hexadecimal)
        }
    }

    @Test(arguments: [
        Self.pointer.replacingOccurrences(of: "\n", with: "\r\n"), "\n" + Self.pointer + "\n\n",
        String(Self.pointer.dropLast()),
    ])
    func givesEveryFormOfAPointerTheKeyOfItsObject(text: String) async throws {
        try await Project.with(["a.bin": text, ".gitattributes": "*.bin filter=lfs -text\n"]) {
            (project) async throws in
            // Once by the blob that the index names, once by the file's bytes.
            let tracked = try project.inputs()
            #expect(tracked.files["a.bin"]?.digest == Self.oid)
            #expect(tracked.files["a.bin"]?.size == Int64(Self.content.count))
            try project.remove("a.bin")
            try project.write("a.bin", text)
            #expect(try project.inputs().key == tracked.key)
            try project.write("a.bin", bytes: Self.content)
            #expect(try project.inputs().key == tracked.key)
            let object = project.sandbox.path("objects/x")
            try project.sandbox.write("objects/x", bytes: Self.content)
            try project.write("a.bin", text)
            let context = try project.stage(try project.image()) { $0 == Self.oid ? object : nil }
            let staged = FileManager.default.contents(atPath: context.directory.string + "/a.bin")
            #expect(staged.map { Array($0) } == Self.content)
            context.remove()
        }
    }

    @Test func takesAPointerWithoutTheAttributeAsContent() async throws {
        try await withPointer { (project) async throws in
            let inputs = try project.inputs()
            #expect(inputs.files["plain"]?.digest == SHA256Digest(of: Self.pointer.utf8))
            #expect(inputs.files["plain"]?.isLFS == false)
        }
    }

    @Test func takesAnEmptyFileAsItsOwnPointer() async throws {
        try await Project.with(["a.bin": "", ".gitattributes": "*.bin filter=lfs\n"]) { (project) async throws in
            #expect(try project.inputs().files["a.bin"]?.digest == SHA256Digest(of: []))
        }
    }

    @Test(arguments: [
        "version https://git-lfs.github.com/spec/v1\nsize 3\noid sha256:\(String(repeating: "a", count: 64))\n",
        "version https://git-lfs.github.com/spec/v1\noid sha256:\(String(repeating: "A", count: 64))\nsize 3\n",
        "oid sha256:\(String(repeating: "a", count: 64))\nsize 3\nversion https://git-lfs.github.com/spec/v1\n",
        "version https://git-lfs.github.com/spec/v1\noid sha256:\(String(repeating: "a", count: 64))\nsize -3\n",
        "version https://example.org/spec\noid sha256:\(String(repeating: "a", count: 64))\nsize 3\n",
        "version https://git-lfs.github.com/spec/v1\n",
    ])
    func takesADamagedPointerAsContent(text: String) {
        #expect(Pointer(parsing: Array(text.utf8)) == nil)
    }

    @Test func refusesPointersWithExtensions() async throws {
        let pointer = Self.pointer.replacingOccurrences(
            of: "oid", with: "ext-0-foo sha256:\(Self.oid.hexadecimal)\noid")
        let files = ["a.bin": pointer, ".gitattributes": "*.bin filter=lfs\n"]
        try await Project.with(files) { (project) async throws in
            #expect(inputsError { _ = try project.inputs() }?.description.contains("extensions") == true)
        }
    }

    @Test func stagesTheContentOfPointers() async throws {
        try await withPointer { (project) async throws in
            let image = try project.image()
            let error = inputsError { _ = try project.stage(image) }
            #expect(
                error?.kind
                    == .missingObjects([
                        .init(path: "a.bin", oid: Self.oid, size: Size(Int64(Self.content.count)))
                    ]))
            try project.sandbox.write("objects/x", bytes: Self.content)
            let object = project.sandbox.path("objects/x")
            let context = try project.stage(image) { $0 == Self.oid ? object : nil }
            let staged = FileManager.default.contents(atPath: context.directory.string + "/a.bin")
            #expect(staged.map { Array($0) } == Self.content)
            #expect(context.image.inputs.key == image.inputs.key)
            context.remove()
        }
    }

    @Test func findsADamagedObjectWhileItIsStaged() async throws {
        try await withPointer { (project) async throws in
            let image = try project.image()
            try project.sandbox.write("objects/x", "damaged")
            let object = project.sandbox.path("objects/x")
            let error = inputsError { _ = try project.stage(image) { _ in object } }
            #expect(error != nil)
        }
    }
}
