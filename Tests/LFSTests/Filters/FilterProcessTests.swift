import Git
import LFS
import SystemCalls
import SystemPackage
import TestSupport
import Testing

@Suite struct FilterProcessTests {
    private static func packet(_ text: String) -> [UInt8] {
        packet(Array((text + "\n").utf8))
    }

    private static func packet(_ bytes: [UInt8]) -> [UInt8] {
        let length = bytes.count + 4
        return Array([UInt8(length >> 8), UInt8(length & 255)].hexadecimal().utf8) + bytes
    }

    private static let flush = Array("0000".utf8)
    private static let greeting =
        packet("git-filter-client") + packet("version=2") + flush + packet("capability=clean")
        + packet("capability=smudge") + packet("capability=delay") + packet("capability=other") + flush

    private static func request(_ lines: [String], _ content: [UInt8]) -> [UInt8] {
        var bytes = lines.flatMap { packet($0) } + flush
        var rest = content[...]
        while !rest.isEmpty {
            bytes += packet(Array(rest.prefix(65516)))
            rest = rest.dropFirst(65516)
        }
        return bytes + flush
    }

    /// The payloads that come back, flushes as nil.
    private static func packets(_ bytes: [UInt8]) -> [[UInt8]?] {
        var rest = bytes[...]
        var found: [[UInt8]?] = []
        while rest.count >= 4 {
            let length = Int(String(decoding: rest.prefix(4), as: UTF8.self), radix: 16) ?? 0
            found.append(length == 0 ? nil : Array(rest.prefix(length).dropFirst(4)))
            rest = rest.dropFirst(max(length, 4))
        }
        return found
    }

    private func run(_ sandbox: Sandbox, _ input: [UInt8], fetched: [[UInt8]] = []) async throws -> [[UInt8]?] {
        try sandbox.write("input", bytes: input)
        let resolver = try ObjectResolver(sandbox.openRepository())
        let reading = try Files.open(sandbox.path("input"))
        let writing = try Files.createPlain(sandbox.path("output"))
        let smudge = SmudgeFilter(resolver.store) { pointer, path in try resolver.require(pointer, path: path) }
        let process = FilterProcess(
            input: reading, output: writing, smudge: smudge,
            fetchAll: { _ in for bytes in fetched { _ = try sandbox.store(bytes) } }, log: { _ in })
        try await process.run()
        try reading.close()
        try writing.close()
        return Self.packets(try sandbox.read("output"))
    }

    private func text(_ packets: [[UInt8]?]) -> [String] {
        packets.map { $0.map { String(decoding: $0, as: UTF8.self) } ?? "" }
    }

    @Test func cleaningAndSmudgingGiveTheContentBack() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeLFSRepository()
            let content = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
            let cleaned = try await run(
                sandbox, Self.greeting + Self.request(["command=clean", "pathname=a.tar"], content))
            #expect(
                text(Array(cleaned[..<9])) == [
                    "git-filter-server\n", "version=2\n", "", "capability=clean\n", "capability=smudge\n",
                    "capability=delay\n", "", "status=success\n", "",
                ])
            let pointer = try #require(cleaned[9])
            #expect(Pointer(parsing: pointer)?.size == 300_000)
            #expect(cleaned[10...].allSatisfy { $0 == nil } && cleaned.count == 12)
            let smudged = try await run(
                sandbox, Self.greeting + Self.request(["command=smudge", "pathname=a.tar"], pointer))
            #expect(smudged[9...].compactMap { $0 }.flatMap { $0 } == content)
        }
    }

    @Test func longContentThatIsNoPointerComesBack() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeLFSRepository()
            let content = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 / 3) }
            let answer = try await run(
                sandbox, Self.greeting + Self.request(["command=smudge", "pathname=a.tar"], content))
            #expect(answer[9...].compactMap { $0 }.flatMap { $0 } == content)
        }
    }

    @Test func missingObjectsAreDelayedFetchedTogetherAndSent() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeLFSRepository()
            let content = Array("an image".utf8)
            try sandbox.write("file", bytes: content)
            let pointer = try Pointer.of(sandbox.path("file"))
            let input =
                Self.greeting
                + Self.request(["command=smudge", "pathname=a.tar", "can-delay=1"], pointer.encoded)
                + Self.packet("command=list_available_blobs") + Self.flush
                + Self.request(["command=smudge", "pathname=a.tar"], [])
                + Self.packet("command=list_available_blobs") + Self.flush
            let answer = try await run(sandbox, input, fetched: [content])
            #expect(
                text(Array(answer[7...])) == [
                    "status=delayed\n", "", "pathname=a.tar\n", "", "status=success\n", "", "status=success\n", "",
                    "an image", "", "", "", "status=success\n", "",
                ])
        }
    }

    @Test func aServerThatIsDownIsAskedOnce() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeLFSRepository()
            let pointer = try Pointer.of(sandbox.path("repo/.gitattributes"))
            var input = Self.greeting
            for path in ["a.tar", "b.tar"] {
                input += Self.request(["command=smudge", "pathname=\(path)", "can-delay=1"], pointer.encoded)
            }
            input += Self.packet("command=list_available_blobs") + Self.flush
            for path in ["a.tar", "b.tar"] { input += Self.request(["command=smudge", "pathname=\(path)"], []) }
            try sandbox.write("input", bytes: input)
            let reading = try Files.open(sandbox.path("input"))
            let writing = try Files.create(sandbox.path("output"))
            var asked = 0
            var said: [String] = []
            let smudge = SmudgeFilter(try ObjectStore(sandbox.openRepository())) { pointer, _ in
                asked += 1
                throw LFSError(.failed, "ask", "again", "\(pointer.oid)")
            }
            let process = FilterProcess(
                input: reading, output: writing, smudge: smudge,
                fetchAll: { _ in throw LFSError(.network, "reach", "the server", "it is down") },
                log: { said.append($0) })
            try await process.run()
            #expect(asked == 0)
            #expect(said == Array(repeating: "cannot reach the server: it is down", count: 2))
            let answer = text(Self.packets(try sandbox.read("output")))
            #expect(answer.filter { $0 == "status=error\n" }.count == 2)
        }
    }

    @Test func whatCannotBeHadIsAnError() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeLFSRepository()
            let pointer = try Pointer.of(sandbox.path("repo/.gitattributes"))
            let answer = try await run(
                sandbox, Self.greeting + Self.request(["command=smudge", "pathname=a.tar"], pointer.encoded))
            #expect(text(Array(answer[7...])) == ["status=error\n", ""])
        }
    }
}
