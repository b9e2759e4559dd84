import SystemPackage

/// How much memory this process and its children may use, as the kernel's control groups say.
public enum MemoryLimit {
    /// The least limit of the groups that this process is in; nil where there is none.
    public static var ofGroups: Int64? {
        let text = ((try? Files.read("/proc/self/cgroup")) ?? nil).map { String(decoding: $0, as: UTF8.self) } ?? ""
        return files(text).compactMap { file in
            ((try? Files.read(file, limit: 1 << 10)) ?? nil).flatMap { bytes(String(decoding: $0, as: UTF8.self)) }
        }.min()
    }

    /// What the machine has free; nil where it does not say.
    public static var available: Int64? {
        let text = ((try? Files.read("/proc/meminfo")) ?? nil).map { String(decoding: $0, as: UTF8.self) } ?? ""
        for line in text.split(separator: "\n") where line.hasPrefix("MemAvailable:") {
            return line.split(separator: " ").dropFirst().first.flatMap { Int64($0) }.map { $0 << 10 }
        }
        return nil
    }

    /// The files that may hold a limit, by the text of `/proc/self/cgroup`: of version 2, and of version 1.
    package static func files(_ groups: String) -> [FilePath] {
        groups.split(separator: "\n").flatMap { line -> [FilePath] in
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { return [] }
            let isOne = parts[1].split(separator: ",").contains("memory")
            guard isOne || parts[1].isEmpty else { return [] }
            let root: FilePath = isOne ? "/sys/fs/cgroup/memory" : "/sys/fs/cgroup"
            let name = isOne ? "memory.limit_in_bytes" : "memory.max"
            var group = FilePath(String(parts[2])).lexicallyNormalized()
            var found: [FilePath] = []
            // A group has the limits of those above it, too.
            while true {
                found.append(root.pushing(FilePath(String(group.string.drop { $0 == "/" }))).appending(name))
                if !group.removeLastComponent() { return found }
            }
        }
    }

    /// The limit in such a file; nil for none.
    package static func bytes(_ text: String) -> Int64? {
        guard let number = Int64(text.filter { !$0.isWhitespace }), number < 1 << 60 else { return nil }
        return number
    }
}
