import Configuration
import Foundation
import JSON
import OCI
import SystemPackage
import TestSupport
import Testing

@testable import ImageCache

/// Outcomes are noted in lines of their own, and never in the way of a command.
@Suite struct JournalTests {
    private let image: ImageName

    init() throws { image = try ImageName(name: "team/app", tag: "dev") }

    private func journal(_ sandbox: Sandbox, isKept: Bool = true) -> Journal {
        let state = StatePlaces(
            nil, cache: sandbox.path("cache"), environment: ["XDG_CACHE_HOME": sandbox.path("state").string])
        return Journal(state, isKept: isKept)
    }

    private func lines(_ path: FilePath) throws -> [JSONValue] {
        let text = try String(contentsOfFile: path.string, encoding: .utf8)
        return try text.split(separator: "\n").map { try JSONValue(parsing: $0.utf8) }
    }

    private func failed(_ status: Int32 = 13) -> JournalEntry {
        JournalEntry(failed: image, status: status, duration: .milliseconds(1234), time: 1_700_000_000)
    }

    @Test func aLineIsOneObject() async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("state/.keep", "")
            let journal = journal(sandbox)
            journal.append(failed())
            var built = failed()
            built.result = .done(.built)
            built.reasons = ["file src/a.c: content changed", "argument X changed"]
            built.bytesSent = 5
            journal.append(built)
            built.result = .done(.current)
            journal.append(built)
            let lines = try lines(journal.path)
            #expect(
                lines[0].text
                    == #"{"time":"2023-11-14T22:13:20Z","image":"team/app:dev","what":"failed","key":null,"seconds":1.234,"bytesSent":0,"bytesRead":0,"status":13}"#
            )
            #expect(lines.map { $0["what"]?.string } == ["failed", "built", "hit"])
            #expect(lines[1]["reasons"] == ["file src/a.c: content changed", "argument X changed"])
            #expect(lines[1]["bytesSent"] == 5)
        }
    }

    @Test func aLineIsShortHoweverMuchThereIsToSay() throws {
        var entry = failed()
        entry.reasons = (1...5000).map { "file \(String(repeating: "ä", count: 500)) \($0)" }
        #expect(entry.line.count <= 4096)
        #expect(entry.line.last == UInt8(ascii: "\n"))
        let value = try JSONValue(parsing: entry.line.dropLast())
        #expect(value["reasonCount"] == 5000)
        #expect((value["reasons"]?.array?.count ?? 0) > 0)
        entry.reasons = ["remote https://user:secret@host/x?token=abc changed"]
        #expect(!String(decoding: entry.line, as: UTF8.self).contains("secret"))
    }

    @Test func nothingIsWrittenWhereItIsNotWanted() async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("state/.keep", "")
            let journal = journal(sandbox, isKept: false)
            journal.append(failed())
            #expect(!FileManager.default.fileExists(atPath: journal.path.string))
        }
    }

    @Test func whatCannotBeWrittenIsLeft() async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("state/.keep", "")
            let journal = journal(sandbox)
            journal.append(failed())
            // A link, and a folder, in the file's place.
            try FileManager.default.removeItem(atPath: journal.path.string)
            try sandbox.write("other", "x\n")
            try FileManager.default.createSymbolicLink(
                atPath: journal.path.string, withDestinationPath: sandbox.path("other").string)
            journal.append(failed())
            #expect(try String(contentsOfFile: sandbox.path("other").string, encoding: .utf8) == "x\n")
            try FileManager.default.removeItem(atPath: journal.path.string)
            try FileManager.default.createDirectory(atPath: journal.path.string, withIntermediateDirectories: false)
            journal.append(failed())
            // A state folder that others may write to.
            try FileManager.default.removeItem(atPath: journal.path.string)
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o777], ofItemAtPath: journal.path.removingLastComponent().string)
            journal.append(failed())
            #expect(!FileManager.default.fileExists(atPath: journal.path.string))
        }
    }

    @Test func aJournalThatHasGrownIsPutAside() async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("state/.keep", "")
            let journal = journal(sandbox)
            journal.append(failed())
            let handle = try #require(FileHandle(forUpdatingAtPath: journal.path.string))
            try handle.truncate(atOffset: (1 << 20) - 1)
            try handle.close()
            journal.append(failed(1))
            #expect(!FileManager.default.fileExists(atPath: journal.path.string))
            #expect(FileManager.default.fileExists(atPath: journal.earlierPath.string))
            journal.append(failed(2))
            #expect(try lines(journal.path).map { $0["status"] } == [2])
        }
    }
}
