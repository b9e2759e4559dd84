import JSON
import SystemCalls

/// What a build did, and what it saved.
public struct BuildReport: Sendable {
    /// A file that was made.
    public struct Output: Sendable {
        /// Its kind and compression, such as `qcow2` or `raw.gz`.
        public var kind: String
        /// Its place.
        public var path: String
        /// Its size in bytes.
        public var size: Int64
        /// Its SHA-256 in hex.
        public var sha256: String
    }

    /// `image.name`.
    public var name: String
    /// `image.version`.
    public var version: String
    /// The provider's name.
    public var provider: String
    /// The specification hash.
    public var specification: String
    /// Whether the finished image was in the cache.
    public var isImageHit = false
    /// Why it was not.
    public var imageReason = ""
    /// How the newest image of the same name differs from this one; empty where there is none.
    public var causes: [String] = []
    /// How packages were resolved: `locked`, `resolved`.
    public var resolution = "locked"
    /// How many packages it has.
    public var packages = 0
    /// How many of them the package cache had.
    public var cached = 0
    /// How many were downloaded.
    public var downloaded = 0
    /// Those whose files were damaged, and how.
    public var replaced: [(package: String, reason: String)] = []
    /// Bytes that were not downloaded.
    public var bytesSaved: Int64 = 0
    /// Bytes that were downloaded.
    public var bytesDownloaded: Int64 = 0
    /// `hit`, `not needed`, or why the chroot was made anew.
    public var chroot = "not needed"
    /// What the root file system was made from, in words.
    public var rootfs = "not needed"
    /// The digest of its tar in hex; nil where it was not needed.
    public var rootfsDigest: String?
    /// Seconds of wall time by stage, in order.
    public var stages: [(name: String, seconds: Double)] = []
    /// The files that were made or copied.
    public var outputs: [Output] = []
    /// Said beside: unchecked repositories, limits that are exceeded.
    public var warnings: [String] = []

    /// Begins a report.
    public init(name: String, version: String, provider: String, specification: String) {
        self.name = name
        self.version = version
        self.provider = provider
        self.specification = specification
    }

    /// The report as JSON; member names are a contract (docs/image-composer.md).
    public var json: JSONValue {
        .object([
            .init("name", .string(name)), .init("version", .string(version)), .init("provider", .string(provider)),
            .init("specification", .string(specification)),
            .init(
                "imageCache",
                .object([
                    .init("hit", .bool(isImageHit)), .init("reason", .string(imageReason)),
                    .init("causes", .strings(causes)),
                ])),
            .init(
                "packages",
                .object([
                    .init("resolution", .string(resolution)), .init("total", .integer(Int64(packages))),
                    .init("fromCache", .integer(Int64(cached))), .init("downloaded", .integer(Int64(downloaded))),
                    .init(
                        "replacedAsCorrupt",
                        .array(
                            replaced.map {
                                ["package": .string($0.package), "reason": .string($0.reason)]
                            })),
                    .init("bytesSaved", .integer(bytesSaved)), .init("bytesDownloaded", .integer(bytesDownloaded)),
                ])),
            .init("chroot", .string(chroot)),
            .init(
                "rootfs",
                .object([
                    .init("origin", .string(rootfs)), .init("sha256", rootfsDigest.map { .string($0) } ?? .null),
                ])),
            .init(
                "stages", .array(stages.map { ["name": .string($0.name), "seconds": .number(rounded($0.seconds))] })),
            .init(
                "outputs",
                .array(
                    outputs.map {
                        [
                            "kind": .string($0.kind), "path": .string($0.path), "size": .integer($0.size),
                            "sha256": .string($0.sha256),
                        ]
                    })),
            .init("warnings", .strings(warnings)),
        ])
    }

    private func rounded(_ seconds: Double) -> Double { (seconds * 1000).rounded() / 1000 }

    /// The report as lines of text, sizes written by `bytes`.
    public func lines(bytes: (Int64) -> String) -> [String] {
        var lines = [
            "image           \(name) \(version) (\(provider)), specification \(specification.prefix(12))",
            "image cache     \(isImageHit ? "hit" : imageReason)",
        ]
        for cause in causes { lines.append("                \(Printable.escaped(cause))") }
        if !isImageHit {
            lines.append(
                "packages        \(packages), \(resolution): \(cached) from the cache (\(bytes(bytesSaved)) saved), "
                    + "\(downloaded) downloaded (\(bytes(bytesDownloaded)))")
            for one in replaced {
                lines.append("replaced        \(Printable.escaped(one.package)): \(Printable.escaped(one.reason))")
            }
            lines.append("chroot          \(chroot)")
            lines.append("root            \(rootfs)")
        }
        for stage in stages {
            let tenths = Int((stage.seconds * 100).rounded())
            let text = "\(tenths / 100).\(tenths % 100 < 10 ? "0" : "")\(tenths % 100) s"
            lines.append("\(stage.name.padded(to: 16))\(text)")
        }
        for output in outputs {
            lines.append("\(output.kind.padded(to: 16))\(output.path) (\(bytes(output.size)))")
        }
        return lines
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
}
