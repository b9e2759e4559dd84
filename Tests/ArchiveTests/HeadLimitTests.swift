import Archive
import OCI
import SystemCalls
import SystemPackage
import TestSupport
import Testing

/// What stands around the content of an archive's members may cost no more than that.
@Suite(.enabled(if: Requirements.tools("gzip", "zstd", "sh"))) struct HeadLimitTests {
    /// Why an archive cannot be read.
    private static func refusal(_ sandbox: Sandbox) throws -> String {
        let error = #expect(throws: ArchiveError.self) {
            _ = try ImageArchive(sandbox.path("a.tar")).canonicalise(
                as: try ImageName("tiny:1"), to: sandbox.path("out"))
        }
        #expect(error?.kind == .corrupt)
        return error?.description ?? ""
    }

    /// A member with extended fields.
    private static func member(_ fields: [(String, String)], _ content: [UInt8], type: Character = "0") -> TarBuilder {
        var tar = TarBuilder()
        var text = ""
        for (name, value) in fields {
            let rest = " \(name)=\(value)\n"
            var length = rest.utf8.count + 1
            while String(length).utf8.count + rest.utf8.count != length { length += 1 }
            text += "\(length)\(rest)"
        }
        tar.add("fields", Array(text.utf8), type: "x")
        tar.add("member", content, type: type)
        return tar
    }

    @Test(arguments: [100_000, 600_000]) func theMapOfAMembersHolesIsBounded(_ count: Int) async throws {
        try await Sandbox.with { sandbox in
            let map = "\(count)\n" + String(repeating: "1\n1\n", count: count)
            let tar = Self.member(
                [("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"), ("GNU.sparse.realsize", "4294967296")],
                Array(map.utf8))
            try sandbox.write("a.tar", bytes: tar.bytes + TinyImage().podman())
            #expect(try Self.refusal(sandbox).contains("the head of a member is longer") == (count > 500_000))
        }
    }

    @Test(arguments: ["gzip", "zstd -q"]) func whatUnpacksToHeadsCountsAsUnpacked(_ packer: String) async throws {
        try await Sandbox.with { sandbox in
            // A folder may come more than once.
            let tar = Self.member([("comment", String(repeating: "A", count: 1_000_000))], [], type: "5")
            try sandbox.write("part", bytes: tar.bytes)
            try sandbox.write("image.tar", bytes: TinyImage().podman())
            let script = "\(packer) <part >p && i=0 && while [ $((i += 1)) -le 100 ]; do cat p; done >a.tar"
            try await sandbox.run("sh", ["-c", script + " && \(packer) <image.tar >>a.tar"]).check()
            #expect(try Self.refusal(sandbox).contains("more than 100 times its size"))
        }
    }

    @Test func foldersCountAsMembers() async throws {
        try await Sandbox.with { sandbox in
            var folder = TarBuilder()
            folder.add("d", type: "5")
            let folders = Array([[UInt8]](repeating: folder.bytes, count: 65_537).joined())
            try sandbox.write("a.tar", bytes: folders + TinyImage().podman())
            #expect(try Self.refusal(sandbox).contains("more than 65536 members"))
        }
    }

    /// The fields of a gzip head, and what follows them.
    private static let silent: [(flags: UInt8, piece: [UInt8])] = [
        (0x08, [0x41]), (0x10, [0x41]), (0x18, [0x41]),
        // Streams of nothing.
        (0, [3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]),
    ]

    @Test(arguments: silent) func bytesThatYieldNothingAreBounded(flags: UInt8, piece: [UInt8]) async throws {
        try await Sandbox.with { sandbox in
            let head: [UInt8] = [0x1F, 0x8B, 8, flags, 0, 0, 0, 0, 0, 3]
            let body = Array([[UInt8]](repeating: piece, count: (6 << 20) / piece.count).joined())
            try sandbox.write("a.tar", bytes: head + body)
            #expect(try Self.refusal(sandbox).contains("yield nothing"))
        }
    }

    @Test func anArchiveIsCompressedOnce() async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("image.tar", bytes: TinyImage().podman())
            try await sandbox.run("sh", ["-c", "gzip <image.tar | gzip >a.tar"]).check()
            _ = try Self.refusal(sandbox)
        }
    }

    @Test(arguments: [
        "zstd -q --long=27 <image.tar", "(zstd -q <image.tar; zstd -q --long=26 <image.tar)",
        "(zstd -q --no-check <image.tar; printf 'P*M\\030\\003\\000\\000\\000abc'; zstd -q --long=27 <image.tar)",
        "printf '\\050\\265\\057\\375\\340\\000\\000\\000\\100\\000\\000\\000\\000\\001\\000\\000'",
    ]) func unpackingTakesABoundedWindow(_ command: String) async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("image.tar", bytes: TinyImage().podman())
            try await sandbox.run("sh", ["-c", command + " >a.tar"]).check()
            #expect(try Self.refusal(sandbox).contains("takes a window of"))
        }
    }

    @Test(arguments: [
        "zstd -q -19 <image.tar", "zstd -q --no-check image.tar -c", "zstd -q --long=25 <image.tar",
        "(head -c 700 image.tar | zstd -q; tail -c +701 image.tar | zstd -q --no-check)",
        "(head -c 700 image.tar | zstd -q; printf 'P*M\\030\\003\\000\\000\\000abc'; tail -c +701 image.tar | zstd -q)",
        "gzip -9 <image.tar", "(head -c 700 image.tar | gzip; tail -c +701 image.tar | gzip -n)", "gzip image.tar -c",
    ]) func honestArchivesAreRead(_ command: String) async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("image.tar", bytes: TinyImage().podman())
            try await sandbox.run("sh", ["-c", command + " >a.tar"]).check()
            #expect(try ImageArchive(sandbox.path("a.tar")).images().count == 1)
        }
    }
}
