import SystemCalls
import SystemPackage
import TestSupport
import Testing

/// A copy has the bytes and the holes of its source.
@Suite struct SparseCopyTests {
    @Test(arguments: [
        ":", "printf x", "printf x; truncate -s 64M f", "truncate -s 64M f",
        "truncate -s 32M f; printf middle >>f; truncate -s 64M f", "truncate -s 32M f; printf end >>f",
        "head -c 3000000 /dev/urandom",
    ])
    func aCopyIsTheSame(script: String) async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.run("sh", ["-ec", ": >f; { :; \(script); } >>f"]).check()
            try Files.clone(sandbox.path("f"), to: sandbox.path("copy"))
            try await sandbox.run("cmp", ["f", "copy"]).check()
            let blocks = try await sandbox.run("stat", ["--format=%b", "f", "copy"]).check().output.split(
                separator: "\n")
            let (source, copy) = (Int(blocks[0]) ?? 0, Int(blocks[1]) ?? .max)
            #expect(copy <= source + 16, "\(copy) blocks for \(source)")
        }
    }
}
