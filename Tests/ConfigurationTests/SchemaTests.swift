import Foundation
import JSON
import TestSupport
import Testing
import YAML

@testable import Configuration

/// The schema says of `cache-image.yml` what the program says.
@Suite struct SchemaTests {
    /// A file's value as a validator sees it: plain scalars are what YAML's core schema makes of them.
    static func value(_ text: String) throws -> JSONValue {
        guard let node = try YAMLDocument.parse(Array(text.utf8), file: "cache-image.yml") else { return .null }
        return value(node)
    }

    private static func value(_ node: YAMLNode) -> JSONValue {
        switch node.content {
        case .sequence(let elements): return .array(elements.map(value))
        case .mapping(let entries): return .object(entries.map { .init($0.key, value($0.value)) })
        case .scalar(let text, let isPlain):
            if node.isNull { return .null }
            guard isPlain else { return .string(text) }
            if let truth = ["true": true, "True": true, "TRUE": true, "false": false][text] { return .bool(truth) }
            return Int64(text).map { .integer($0) } ?? Double(text).map { .number($0) } ?? .string(text)
        }
    }

    private static func complaints(_ text: String) throws -> [String] {
        SchemaChecker.complaints(about: try value(text), ProjectConfiguration.schema)
    }

    @Test func theSchemaIsOfItsDraftAndClosed() {
        let schema = ProjectConfiguration.schema
        #expect(schema["$schema"]?.string == "https://json-schema.org/draft/2020-12/schema")
        #expect(schema["additionalProperties"] == false)
        #expect(
            schema["properties"]?["git"]?["properties"]?["stage"]?["anyOf"]?.array?.first?["enum"] == ["auto", "never"])
        let image = schema["properties"]?["images"]?["additionalProperties"]
        #expect(image?["properties"]?["tag"]?["description"] == "The tag.")
    }

    @Test(arguments: [
        ProjectConfigurationTests.full, "", "images: {app: }", "images: {app: {args: {A: , B: 1, C: x}}}",
        "images: {a: }\ntests: {levels: {unit: pytest -q, all: [a, b], host: {on: host, command: a}}}",
        "images: {a: {secrets: [{id: a, env: B}, {id: c.d, file: e/f}]}}",
        "images: {quay.io:80/a/b-c__d: {tag: 1.5_x}}",
        "images: {a: {store: packed, os: debian.yml}, b: {buildpacks: [x]}}\nstorage: {store: packed}",
        "storage: {image_cache: {warn_size_gb: 1.5, critical_size_gb: 2, max_count: 30}}",
        "x-any: [1, {a: b}]\nimages: {a: {<<: {tag: x}}}",
    ])
    func whatTheProgramTakesFitsTheSchema(text: String) async throws {
        _ = try await load(text)
        #expect(try Self.complaints(text) == [])
    }

    @Test(arguments: [
        "image: {a: }", "images: {a: {tagg: x}}", "images: [a]", "images: {a: {tag: [x]}}", "images: {a: {cache: yes}}",
        "images: {a: {steps: some}}", "engine: dokcer", "storage: {image_cache: {max_count: -1}}",
        "storage: {image_cache: {max_size_gb: x}}", "git: {stage: x}", "images: {a: {secrets: [{env: B}]}}",
        "images: {a: {secrets: [{id: a, environment: B}]}}", "images: {a: {inputs: x}}", "tests: {image: a, level: {}}",
        "images: {a: {tag: ''}}", "images: {a: {tag: a b}}", "images: {App: }", "images: {a/: }",
        "images: {a: {secrets: [{id: a}]}}", "images: {a: {secrets: [{id: a, env: B, file: c}]}}",
        "images: {a: {secrets: [{id: a, env: B-C}]}}", "images: {a: {args: {a b: 1}}}",
        "images: {a: {labels: {'': x}}}",
        "storage: {image_cache: {max_count: '30'}}", "storage: {image_cache: {max_size_gb: '3'}}",
        "storage: {store: zip}", "images: {a: {store: zip}}",
    ])
    func whatTheProgramRefusesForItsFormDoesNotFit(text: String) async throws {
        #expect(await failure(text).hasPrefix("cannot read cache-image.yml:"))
        #expect(try Self.complaints(text) != [])
    }

    /// A mistake in a level stops that level only, so the file is taken.
    @Test(arguments: ["unit: ", "unit: {on: x}", "a/b: [true]", "-x: [true]"])
    func aLevelsMistakeDoesNotFitTheSchema(level: String) async throws {
        let text = "images: {a: }\ntests: {levels: {\(level)}}"
        #expect(try await load(text).levels[0].mistake != nil)
        #expect(try Self.complaints(text) != [])
    }

    /// The files that people copy: those of this repository, and every YAML block of its pages.
    @Test func theExamplesFitTheSchema() async throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        var examples = [("cache-image.yml", try Self.text(root.appending(path: "cache-image.yml")))]
        let pages = try FileManager.default.contentsOfDirectory(atPath: root.appending(path: "docs").path)
            .filter { $0.hasSuffix(".md") }.map { "docs/\($0)" }
        for page in ["README.md"] + pages {
            let parts = try Self.text(root.appending(path: page)).components(separatedBy: "```")
            for (index, part) in parts.enumerated() where index % 2 == 1 && part.hasPrefix("yaml\n") {
                examples.append((page, String(part.dropFirst(5))))
            }
        }
        #expect(examples.count > 1)
        for (page, text) in examples {
            #expect(try Self.complaints(text) == [], "\(page):\n\(text)")
        }
    }

    private static func text(_ url: URL) throws -> String { try String(contentsOf: url, encoding: .utf8) }
}
