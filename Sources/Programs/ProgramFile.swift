import CShims
import SystemCalls
import SystemPackage

/// The file that runs this process.
public enum ProgramFile {
    /// Its absolute path; nil where nothing tells.
    ///
    /// Found at first use: a relative path means another file once the process has moved to another folder.
    public static let current: FilePath? = find(
        link: (try? Files.linkText("/proc/self/exe")).map { FilePath(bytes: $0) },
        executed: cshims_program_path().map { FilePath(platformString: $0) },
        name: ProcessArguments.all.first.map { FilePath(bytes: $0) },
        searchPath: ProcessEnvironment.current["PATH"])

    /// The first that is a file of: the kernel's link, the path that was executed, the program's name, that name in PATH.
    ///
    /// The link is missing without /proc, and names no file once the program was replaced by a newer one.
    static func find(link: FilePath?, executed: FilePath?, name: FilePath?, searchPath: String?) -> FilePath? {
        var candidates = [link, executed].compactMap { $0 }
        if let name, !name.isEmpty {
            if name.components.count > 1 || name.isAbsolute {
                candidates.append(name)
            } else {
                candidates += [ProgramSearch.find(name.string, environment: ["PATH": searchPath ?? ""])].compactMap {
                    $0
                }
            }
        }
        for candidate in candidates {
            guard (try? FileStatus.of(candidate, followLinks: true))??.kind == .file else { continue }
            if candidate == link { return candidate }
            if let path = try? Files.realPath(candidate) { return path }
        }
        return nil
    }
}
