import Glibc
import SystemCalls
import SystemPackage

/// The look-up of a program in PATH.
public enum ProgramSearch {
    /// The folders that are searched where there is no PATH.
    public static let standardPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    /// The absolute path of the first file of that name that this user may run; nil where there is none.
    ///
    /// Folders that are relative, or empty for the current one, are passed over: what runs must not depend on where.
    public static func find(_ name: String, environment: [String: String]) -> FilePath? {
        guard let component = FilePath.Component(name), component.kind == .regular else { return nil }
        for folder in (environment["PATH"] ?? standardPath).split(separator: ":") {
            let candidate = FilePath(keeping: String(folder)).appending(component)
            guard candidate.isAbsolute, candidate.withPlatformString({ access($0, X_OK) }) == 0 else { continue }
            if (try? FileStatus.of(candidate, followLinks: true))??.kind == .file { return candidate }
        }
        return nil
    }
}
