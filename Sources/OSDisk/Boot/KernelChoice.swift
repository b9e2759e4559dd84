import SystemCalls
import SystemPackage

/// The kernel that a disk boots, and its initial RAM disk.
struct KernelChoice: Hashable, Sendable {
    /// The kernel's version, as its file name has it.
    let version: String
    /// Paths on this machine.
    let kernel: FilePath
    let initrd: FilePath?

    /// Looks for kernels in a tree.
    ///
    /// - Parameters:
    ///   - tree: The unpacked root file system.
    ///   - wanted: `systemConfig.kernel.version`: the version or its beginning; nil for the newest.
    ///   - artifact: What is made, for messages.
    init(in tree: RootTree, version wanted: String?, for artifact: String) throws {
        var kernels: [String: FilePath] = [:]
        if let boot = try tree.path("/boot", kind: .directory) {
            for name in try Files.names(in: boot) {
                let path = boot.appending(name)
                for start in ["vmlinuz-", "vmlinux-", "Image-"] where name.string.hasPrefix(start) {
                    guard try FileStatus.of(path)?.kind == .file else { continue }
                    kernels[String(name.string.dropFirst(start.count))] = path
                }
            }
        }
        for place: FilePath in ["/usr/lib/modules", "/lib/modules"] {
            guard let modules = try tree.path(place, kind: .directory) else { continue }
            for name in try Files.names(in: modules) where kernels[name.string] == nil {
                kernels[name.string] = try tree.path(place.appending(name).appending("vmlinuz"), kind: .file)
            }
        }
        // Names that would end up in the loader's file.
        kernels = kernels.filter { $0.key.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } }
        let versions = kernels.keys.sorted { Self.isOlder($0, $1) }
        let fitting = wanted.map { wanted in versions.filter { Self.matches($0, wanted) } } ?? versions
        guard let version = fitting.last, let kernel = kernels[version] else {
            if let wanted, !versions.isEmpty {
                throw DiskError.making(
                    artifact, .content,
                    "the tree has no kernel \(Printable.quoted(Printable.escaped(wanted))), but "
                        + Printable.escaped(versions.prefix(5).joined(separator: ", ")),
                    hint: "correct systemConfig.kernel.version")
            }
            throw DiskError.making(
                artifact, .content, "the tree has no kernel in /boot, and the disk is to boot",
                hint: "add a kernel to systemConfig.kernel.packages, such as linux-image-amd64")
        }
        self.version = version
        self.kernel = kernel
        let names = ["initrd.img-\(version)", "initramfs-\(version).img", "initrd-\(version).img", "initrd-\(version)"]
        let paths = names.map { FilePath("/boot/\($0)") }
        var found: FilePath?
        for path in paths where found == nil { found = try tree.path(path, kind: .file) }
        initrd = found
    }

    private static func matches(_ version: String, _ wanted: String) -> Bool {
        version == wanted || ["-", ".", "+", "_"].contains { version.hasPrefix(wanted + $0) }
    }

    /// Compares versions: numbers in them as numbers.
    static func isOlder(_ left: String, _ right: String) -> Bool {
        var (a, b) = (Array(left.utf8)[...], Array(right.utf8)[...])
        func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
        while let x = a.first, let y = b.first {
            if isDigit(x), isDigit(y) {
                let (m, n) = (a.prefix(while: isDigit), b.prefix(while: isDigit))
                let (p, q) = (Array(m.drop { $0 == 0x30 }), Array(n.drop { $0 == 0x30 }))
                if p != q { return p.count == q.count ? p.lexicographicallyPrecedes(q) : p.count < q.count }
                (a, b) = (a.dropFirst(m.count), b.dropFirst(n.count))
            } else {
                if x != y { return x < y }
                (a, b) = (a.dropFirst(), b.dropFirst())
            }
        }
        return a.isEmpty && !b.isEmpty || left < right && a.isEmpty == b.isEmpty
    }
}
