import Foundation
import Hashing
import JSON
import SystemCalls
import SystemPackage
import Testing

@testable import Context
@testable import DockerfileRecipe
@testable import Records

/// The document `NAME-TAG.inputs.json`: rule 53.
@Suite struct DocumentTests {
    static let provenance = Provenance(
        imageID: SHA256Digest(of: "1".utf8), archiveDigest: SHA256Digest(of: "a".utf8), archiveSize: 12,
        layers: [.init(digest: SHA256Digest(of: "2".utf8), size: 3)],
        origin: .built, engine: "podman 4.3.1", buildSeconds: 1.5, commit: nil)

    @Test func readsBackARecordThatNamesNoPlatform() throws {
        let text = InputsRecord().document
        let read = try InputsRecord.read(text, named: "x", .all)
        #expect(read.platform == nil && read.document == text)
    }

    @Test func readsBackWhatItWrote() async throws {
        let dockerfile =
            "FROM scratch\nARG TOKEN\nARG X=a\nRUN --mount=type=bind,source=b,target=/b x\nCOPY --chmod=755 a l /x/\n"
        try await Project.with(["a": "1", "b": "2"], dockerfile: dockerfile) { (project) async throws in
            try project.write("strange \"\\\u{1}%\n", "x")
            try project.link("l", to: "a")
            try project.write("Dockerfile", dockerfile + "COPY . /all\n")
            var record = try project.inputs { $0.arguments["TOKEN"] = "a-secret-value" }.record
            record.provenance = Self.provenance
            let text = record.document
            #expect((try? JSONSerialization.jsonObject(with: Data(text))) != nil)
            #expect(!String(decoding: text, as: UTF8.self).contains("a-secret-value"))
            #expect(!String(decoding: text, as: UTF8.self).contains(project.root.string))
            let read = try InputsRecord.read(text, named: "x", .all)
            #expect(read.document == text)
            #expect(read.provenance == Self.provenance)
            let head = try InputsRecord.read(text, named: "x", .decision)
            #expect(head.key == record.key)
            #expect(head.md5 == record.md5)
            #expect(head.provenance == Self.provenance)
            #expect(head.operations == [])
            let path = project.sandbox.path("record.json")
            let file = try Files.create(path)
            try record.write(to: file, named: "record")
            try file.close()
            #expect(try Files.read(path) == text)
            #expect(try InputsRecord.read(path, .head)?.operations == record.operations)
            #expect(try InputsRecord.read(project.sandbox.path("none")) == nil ? true : false)
        }
    }

    @Test func refusesAProvenanceWhoseDigestsAreNone() throws {
        let json = Self.provenance.json
        #expect(Provenance(json) == Self.provenance)
        for digest in [Self.provenance.imageID, Self.provenance.archiveDigest, Self.provenance.layers[0].digest] {
            let text = json.text.replacing(digest.hexadecimal, with: digest.hexadecimal.dropLast() + "G")
            #expect(Provenance(try JSONValue(parsing: Array(text.utf8))) == nil)
        }
    }

    @Test func writesMembersInTheirFixedOrderAndOneFilePerLine() async throws {
        try await Project.with(["a": "1", "b": "2"]) { (project) async throws in
            var record = try project.inputs().record
            record.provenance = Self.provenance
            let text = String(decoding: record.document, as: UTF8.self)
            let names = [
                "algo", "key", "md5", "image", "marks", "provenance", "platform", "target", "dockerfile", "context",
                "contextFiles", "frontend", "args", "bases", "remotes", "config", "ops", "extra", "ignore", "git",
                "files", "sum",
            ]
            var rest = text[...]
            for name in names {
                let range = try #require(rest.range(of: "\"\(name)\": "), "\(name)")
                rest = rest[range.upperBound...]
            }
            #expect(text.contains("\n\"a\": [\"f\", \"644\", \"6b86b273ff34"))
            #expect(text.hasSuffix("]},\n \"sum\": \"\(SHA256Digest(of: text.utf8.dropLast(78)).hexadecimal)\"}\n"))
            // What is no entry's has no checksum.
            record.provenance = nil
            #expect(String(decoding: record.document, as: UTF8.self).hasSuffix("]}}\n"))
        }
    }

    @Test func readsOtherWhiteSpaceAndOrder() throws {
        let key = String(repeating: "a", count: 64)
        let text = """
            {"files":{"x":["l",null,"t",null,null,null]},
              "key":"\(key)","unknown":[1,{"a":"}"}],
              "algo":"cache-image-key/2"}
            """
        let record = try InputsRecord.read(Array(text.utf8), named: "x", .all)
        #expect(record.key.hexadecimal == key)
        #expect(record.files.map(\.path) == ["x"])
    }

    @Test func refusesWhatItCannotRead() async throws {
        try await Project.with(["a": "1"]) { (project) async throws in
            let text = String(decoding: try project.inputs().record.document, as: UTF8.self)
            func kind(_ text: String) -> InputsError.Kind? {
                inputsError { _ = try InputsRecord.read(Array(text.utf8), named: "x", .all) }?.kind
            }
            #expect(
                kind(text.replacingOccurrences(of: "cache-image-key/2", with: "cache-image-key/3")) == .newerAlgorithm)
            let older = text.replacingOccurrences(of: "cache-image-key/2", with: "cache-image-key/1")
            #expect(kind(older) == .olderAlgorithm("cache-image-key/1"))
            func requiring(_ words: String) -> String {
                text.replacingOccurrences(of: "\"requires\": []", with: "\"requires\": \(words)")
            }
            #expect(requiring("[]") == text && text.contains("\"requires\": []"))
            #expect(kind(requiring("[\"packs/1\"]")) == .newerAlgorithm)
            for member in ["\"key\": \"\(String(repeating: "0", count: 64))\"", "\"files\": {}", "\"requires\": []"] {
                #expect(kind(String(text.dropLast(2)) + ", \(member)}") == .damagedDocument)
            }
            #expect(kind(String(text.dropLast(2)) + ", \"later\": 1, \"later\": 2}") == nil)
            for words in ["null", "\"packs/1\"", "[1]", "{}"] { #expect(kind(requiring(words)) == .damagedDocument) }
            #expect(kind("<<<<<<< ours\n" + older) == .conflictMarkers)
            #expect(kind("<<<<<<< ours\n" + text) == .conflictMarkers)
            #expect(kind(text.replacingOccurrences(of: "\n\"a\"", with: "\n<<<<<<< ours\n\"a\"")) == .conflictMarkers)
            for cut in stride(from: 0, to: text.utf8.count - 2, by: 97) {
                #expect(kind(String(text.prefix(cut))) != nil)
            }
            #expect(kind("") == .damagedDocument)
            #expect(kind("[]") == .damagedDocument)
        }
    }

    @Test func asksForAnUpgradeOnlyWhereTheFormIsNewer() {
        #expect(!Algorithm.isNewer("cache-image-key/0"))
        #expect(!Algorithm.isNewer("cache-image-key/2"))
        #expect(Algorithm.isNewer("cache-image-key/3"))
        #expect(Algorithm.isNewer("cache-image-key/2b"))
        #expect(Algorithm.isOlder("cache-image-key/1"))
        #expect(!Algorithm.isOlder("cache-image-key/2"))
        #expect(!Algorithm.isOlder("another-key/1"))
    }
}
