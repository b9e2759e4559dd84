import Glibc
import SystemCalls
import SystemPackage

/// Paths that can stand wherever a program takes one as a text.
public enum PlainPath {
    /// Whether a path is a text at all: no argument and no working folder of a child can be anything else.
    public static func isText(_ path: FilePath) -> Bool { String(validating: path.bytes, as: UTF8.self) != nil }

    /// Whether a path means nothing in the small languages in which engines take paths.
    ///
    /// Those are lists of CSV, `SOURCE:TARGET` and `docker-archive:PATH`. It has letters of any script, digits, blanks
    /// within and `/._-+@~=`, nothing else.
    public static func isPlain(_ path: FilePath) -> Bool {
        guard let text = String(validating: path.bytes, as: UTF8.self), text.last != " " else { return false }
        return text.unicodeScalars.allSatisfy { scalar in
            if !scalar.isASCII { return scalar.value >= 0xA0 }
            return scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                || "/._-+@~= ".unicodeScalars.contains(scalar)
        }
    }

    /// A folder for temporary files whose own path is plain.
    public static func temporaryFolder(_ environment: [String: String]) -> FilePath {
        let folder = FilePath(keeping: environment["TMPDIR"] ?? "/tmp")
        return isPlain(folder) && !folder.isEmpty ? folder : "/tmp"
    }

    /// Runs `body` with paths that can be used: each as it is, or a link of a plain name that lives as long.
    ///
    /// No two languages escape alike, and some not at all; a link needs no escaping in any.
    ///
    /// - Parameters:
    ///   - paths: Absolute paths.
    ///   - isUsable: Whether a path can be used as it is.
    ///   - environment: Says where the links are made.
    ///   - body: What uses them.
    public static func linking<Result>(
        _ paths: [FilePath], unless isUsable: (FilePath) -> Bool, environment: [String: String],
        _ body: ([FilePath]) async throws -> Result
    ) async throws -> Result {
        if paths.allSatisfy(isUsable) { return try await body(paths) }
        let folder = try Files.createTemporaryDirectory(in: temporaryFolder(environment))
        defer { try? Files.removeTree(folder) }
        let places = try paths.enumerated().map { number, path in
            if isUsable(path) { return path }
            let link = folder.appending("\(number)")
            try checked("create", link.string) {
                path.withPlatformString { target in link.withPlatformString { symlink(target, $0) } }
            }
            return link
        }
        return try await body(places)
    }

    /// The same for the folder in which a child starts.
    public static func linking<Result>(
        workingFolder: FilePath?, environment: [String: String], _ body: (FilePath?) async throws -> Result
    ) async throws -> Result {
        guard let workingFolder else { return try await body(nil) }
        return try await linking([workingFolder], unless: isText, environment: environment) { try await body($0[0]) }
    }
}
