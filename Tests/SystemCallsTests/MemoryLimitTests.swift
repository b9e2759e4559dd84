import SystemPackage
import Testing

@testable import SystemCalls

@Suite struct MemoryLimitTests {
    @Test(
        arguments: [
            ("", []), ("0::/\n", ["/sys/fs/cgroup/memory.max"]),
            (
                "0::/a/b\n",
                ["/sys/fs/cgroup/a/b/memory.max", "/sys/fs/cgroup/a/memory.max", "/sys/fs/cgroup/memory.max"]
            ),
            (
                "5:cpu,memory:/x\n4:devices:/y\n",
                ["/sys/fs/cgroup/memory/x/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.limit_in_bytes"]
            ),
            ("0::/../../x\n", ["/sys/fs/cgroup/x/memory.max", "/sys/fs/cgroup/memory.max"]), ("nonsense", []),
        ] as [(String, [FilePath])])
    func limitsOfAGroupAndThoseAboveIt(text: String, files: [FilePath]) {
        #expect(MemoryLimit.files(text) == files)
    }

    @Test(
        arguments: [
            ("max\n", nil), ("1048576\n", 1_048_576), ("9223372036854771712\n", nil), ("", nil), ("-5x", nil),
        ] as [(String, Int64?)])
    func aLimit(text: String, bytes: Int64?) {
        #expect(MemoryLimit.bytes(text) == bytes)
    }

    @Test func thisMachineHasMemoryAndRoom() {
        #expect(MemoryLimit.available ?? 1 > 0)
        #expect(DiskSpace.of("/tmp/no/such/folder") != nil)
    }
}
