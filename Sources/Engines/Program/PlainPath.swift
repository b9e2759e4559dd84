import Glibc
import SystemCalls
import SystemPackage

/// Paths that mean nothing in the small languages in which engines take them: lists of CSV, `SOURCE:TARGET`, `docker-archive:PATH`.
///
/// No two of these languages escape alike, some not at all, and arguments are texts, which a path need not be. So what
/// is not plain gets a link of a plain name.
enum PlainPath {
    /// Whether a path can stand in all of them as it is: letters of any script, digits, blanks within, and `/ . _ - + @ ~ =`.
    static func isPlain(_ path: FilePath) -> Bool {
        guard let text = String(validating: path.bytes, as: UTF8.self), text.last != " " else { return false }
        return text.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII
                ? "/._-+@~= ".unicodeScalars.contains(scalar) || Self.isAlphanumeric(scalar) : scalar.value >= 0xA0
        }
    }

    private static func isAlphanumeric(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
    }

    /// A folder for temporary files whose own path is plain.
    static func temporaryFolder(_ environment: [String: String]) -> FilePath {
        let folder = FilePath(environment["TMPDIR"] ?? "/tmp")
        return isPlain(folder) && !folder.isEmpty ? folder : "/tmp"
    }
}

extension Engine {
    /// Runs `body` with paths that can stand in any argument: each as it is, or a link to it that lives as long.
    func withPlainPaths<Result: Sendable>(
        _ paths: [FilePath], _ body: ([FilePath]) async throws -> Result
    ) async throws -> Result {
        if paths.allSatisfy(PlainPath.isPlain) { return try await body(paths) }
        let folder = try Files.createTemporaryDirectory(in: PlainPath.temporaryFolder(environment))
        defer { try? Files.removeTree(folder) }
        let places = try paths.enumerated().map { number, path in
            if PlainPath.isPlain(path) { return path }
            let link = folder.appending("\(number)")
            try checked("create", link.string) {
                path.withPlatformString { target in link.withPlatformString { symlink(target, $0) } }
            }
            return link
        }
        return try await body(places)
    }
}
