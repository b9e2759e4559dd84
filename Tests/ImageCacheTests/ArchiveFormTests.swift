import Git
import Hashing
import SystemCalls
import SystemPackage
import TestSupport
import Testing

@testable import ImageCache

@Suite struct ArchiveFormTests {
    private static let bytes = Array("an archive".utf8)
    private static let pointer = Pointer(oid: SHA256Digest(of: bytes), size: Size(Int64(bytes.count)))

    @Test func whatStandsForAnArchiveIsSaidOnce() async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("file", bytes: Self.bytes)
            try sandbox.write("empty", "")
            try sandbox.write("pointer", bytes: Self.pointer.encoded)
            try sandbox.write("folder/x", "")
            try await sandbox.run("ln", ["-s", "file", "link"]).check()
            try await sandbox.run("mkfifo", ["pipe"]).check()
            let file = sandbox.path("file")
            let expected: [(String, ArchiveForm.Bytes, isThere: Bool, stands: Bool, holds: Bool)] = [
                ("nothing", .nowhere, false, false, false),
                ("file", .file(file), true, true, true),
                ("empty", .file(sandbox.path("empty")), true, false, false),
                ("pointer", .object(Self.pointer), false, true, false),
            ]
            for row in expected {
                let form = try ArchiveForm.at(sandbox.path(row.0))
                #expect(form.bytes == row.1, "\(row.0)")
                #expect((form.file != nil) == row.isThere, "\(row.0)")
                #expect(try form.stands(for: Self.pointer, ArchiveDigests()) == row.stands, "\(row.0)")
                #expect(try form.holds(Self.pointer, ArchiveDigests()) == row.holds, "\(row.0)")
                #expect(form.isEmpty == (row.0 == "empty"))
            }
            for name in ["folder", "link", "pipe"] {
                let form = try ArchiveForm.at(sandbox.path(name))
                guard case .unreadable = form.bytes else {
                    Issue.record("\(name) is \(form)")
                    continue
                }
                #expect(form.file == nil)
                #expect(try !form.stands(for: Self.pointer, ArchiveDigests()))
            }
        }
    }
}
