import OSTemplate
import SystemPackage

extension DiskConfig.Artifact.Compression {
    /// The program, with the arguments that make the same bytes on every machine: no name, no time, a fixed number of
    /// threads where their number decides.
    var command: [String] {
        switch self {
        case .gz: ["gzip", "-n", "-6"]
        case .xz: ["xz", "-6", "-T2"]
        case .zstd: ["zstd", "-q", "-3", "-T0"]
        case .bz2: ["bzip2", "-9"]
        }
    }

    /// The ending that the program itself adds to a file's name.
    private var ownEnding: String { self == .zstd ? "zst" : rawValue }

    /// The program.
    var tool: HostTool {
        switch self {
        case .gz: HostTool("gzip", package: "gzip")
        case .xz: HostTool("xz", package: "xz-utils")
        case .zstd: HostTool("zstd", package: "zstd")
        case .bz2: HostTool("bzip2", package: "bzip2")
        }
    }

    /// Compresses a file of the tools' folder, which stays; the name of the new one.
    func compress(_ name: String, for artifact: String, with tools: DiskTools) async throws -> String {
        try await tools.run(command[0], Array(command.dropFirst()) + ["-k", "-f", name], for: artifact)
        return "\(name).\(ownEnding)"
    }
}
