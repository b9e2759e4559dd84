import Git
import Hashing
import LFS
import SystemCalls
import SystemPackage
import TestSupport
import Testing

@Suite struct CleanFilterTests {
    @Test(.enabled(if: Requirements.tools("git-lfs")), arguments: [0, 1, 1023, 1024, 64 << 10])
    func cleanAgreesWithGitLFS(_ size: Int) async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeLFSRepository()
            let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            try sandbox.write("repo/file", bytes: bytes)
            let expected = try await sandbox.git("lfs", "pointer", "--file=file").outputBytes
            let store = try ObjectStore(sandbox.openRepository())
            let cleaned = try Filtered.clean(bytes, store)
            #expect(cleaned == expected)
            if size > 0 {
                let pointer = try #require(Pointer(parsing: cleaned))
                #expect(store.holds(pointer))
                #expect(try Files.read(store.path(of: pointer.oid)) == bytes)
                #expect(SHA256Digest(of: bytes) == pointer.oid)
            }
            #expect(((try? Files.names(in: store.temporary)) ?? []).isEmpty)
        }
    }
}

/// Runs the filters on bytes at hand.
enum Filtered {
    static func source(_ bytes: [UInt8]) -> ByteSource {
        var rest = bytes[...]
        return { buffer in
            let piece = rest.prefix(min(buffer.count, 1000))
            buffer.replaceSubrange(..<piece.count, with: piece)
            rest = rest.dropFirst(piece.count)
            return piece.count
        }
    }

    static func clean(_ bytes: [UInt8], _ store: ObjectStore) throws -> [UInt8] {
        var output: [UInt8] = []
        try CleanFilter(store).run(from: source(bytes), to: { output += $0 })
        return output
    }
}
