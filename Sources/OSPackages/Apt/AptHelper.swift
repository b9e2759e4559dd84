import Hashing
import Programs
import SystemCalls
import SystemPackage

/// `apt-helper download-file`, which fetches many files in one process, with apt's proxies and certificates.
enum AptHelper {
    /// One file to be fetched.
    struct Order: Sendable {
        var url: String
        var file: FilePath
        var sha256: SHA256Digest?
    }

    /// The program, which lies outside PATH.
    private static let program = "/usr/lib/apt/apt-helper"

    /// Fetches files, one after the other or several at once as it likes; those that fail do not keep it from the rest.
    static func download(
        _ orders: [Order], in root: FilePath, environment: [String: String]
    ) async throws -> ProgramResult {
        guard Files.exists(FilePath(program)) else {
            throw PackageError(
                .tool, "cannot fetch packages: \(program) is not there", hint: "sudo apt-get install apt")
        }
        let words = orders.flatMap { order in
            [AptAddress.fetched(order.url), order.file.string]
                + (order.sha256.map { ["SHA256:\($0.hexadecimal)"] } ?? [])
        }
        return try await AptPrograms.run(
            program, ["download-file"] + words, in: root, environment: environment)
    }
}
