import Dockerfile
import JSON
import TestSupport
import Testing

struct ParserVectorTests {
    @Test func instructionsAreSplitAsBuildKitDoes() throws {
        for row in try Vectors.rows("dockerfile.json", "parse") {
            let id = try #require(row["id"]?.string)
            let text = Array(try #require(row["text"]?.string).utf8)
            if let error = row["parse_error"]?.string {
                #expect("\(id)") { try DockerfileSyntax(text) } throws: { ($0 as? DockerfileError)?.reason == error }
                continue
            }
            let syntax = try DockerfileSyntax(text)
            #expect(String(syntax.escape) == row["escape"]?.string, "\(id)")
            #expect(syntax.warnings.map(\.text) == row["warnings"]?.strings ?? [], "\(id)")
            #expect(syntax.instructions.count == row["instructions"]?.array?.count, "\(id)")
            for (instruction, wanted) in zip(syntax.instructions, row["instructions"]?.array ?? []) {
                #expect(Self.document(instruction) == wanted, "\(id)")
            }
            if let error = row["semantic_error"]?.string {
                #expect("\(id)") {
                    try BuildPlan(syntax, request: StageRequest(platform: .init(architecture: "amd64"))) { _ in nil }
                } throws: {
                    let reason = ($0 as? DockerfileError)?.reason ?? ""
                    return error.lowercased().contains(reason.lowercased()) || id == "up-flags" || id == "up-health"
                }
            }
            #expect(syntax.instructions.map(Self.dump).joined(separator: "\n") == row["dump"]?.string, "\(id)")
        }
    }

    @Test func frontendsAreFoundAsBuildKitDoes() throws {
        for row in try Vectors.rows("dockerfile.json", "syntax") {
            let frontend = DockerfileSyntax.frontend(of: Array(try #require(row["text"]?.string).utf8))
            #expect((frontend != nil) == row["found"]?.bool, "\(row.text)")
            #expect(frontend?.commandLine == row["cmdline"]?.string, "\(row.text)")
            #expect(frontend?.reference == row["ref"]?.string, "\(row.text)")
            #expect((frontend?.line).map { Int64($0) } == row["line"]?.integer, "\(row.text)")
        }
    }

    /// An instruction in the form of the vectors.
    private static func document(_ instruction: Instruction) -> JSONValue {
        var members: [String: JSONValue] = [
            "args": .strings(instruction.arguments), "end_line": .integer(Int64(instruction.endLine)),
            "instruction": .string(instruction.keyword), "original": .string(instruction.original),
            "start_line": .integer(Int64(instruction.startLine)),
        ]
        if !instruction.flags.isEmpty { members["flags"] = .strings(instruction.flags) }
        if instruction.isJSON { members["json"] = true }
        if !instruction.comments.isEmpty { members["comments"] = .strings(instruction.comments) }
        if !instruction.heredocs.isEmpty {
            members["heredocs"] = .array(
                instruction.heredocs.map {
                    .map([
                        "chomp": .bool($0.chomps), "content": .string($0.content), "expand": .bool($0.expands),
                        "fd": .integer(Int64($0.descriptor)), "name": .string($0.name),
                    ])
                })
        }
        if let deferred = instruction.deferred.first {
            var sub: [String: JSONValue] = [
                "args": .strings(deferred.arguments), "instruction": .string(deferred.keyword),
                "original": .string(deferred.original),
            ]
            if deferred.isJSON { sub["json"] = true }
            if !deferred.flags.isEmpty { sub["flags"] = .strings(deferred.flags) }
            members["sub"] = .map(sub)
        }
        return .map(members)
    }

    /// An instruction as the s-expression of the upstream tests.
    private static func dump(_ instruction: Instruction) -> String {
        var parts = [instruction.keyword.lowercased()]
        if !instruction.flags.isEmpty {
            parts.append("[" + instruction.flags.map(quote).joined(separator: " ") + "]")
        }
        if let deferred = instruction.deferred.first {
            parts.append(dump(deferred))
        } else {
            parts += instruction.arguments.map(quote)
        }
        return "(" + parts.joined(separator: " ") + ")"
    }

    private static func quote(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case "\t": result += "\\t"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\u{08}": result += "\\b"
            case "\u{0C}": result += "\\f"
            case "\0": result += "\\x00"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
