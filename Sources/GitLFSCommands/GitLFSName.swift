import Programs
import SystemCalls
import SystemPackage

/// The name `git-lfs`, by which Git and scripts may call this program.
enum GitLFSName {
    /// Whether the `git-lfs` of PATH is this program: a link to it, or a short script that runs `… lfs "$@"`.
    ///
    /// What is installed then bears git-lfs's own words, so that both programs take it for theirs.
    static func isOurs(_ environment: [String: String]) -> Bool {
        guard let found = ProgramSearch.find("git-lfs", environment: environment) else { return false }
        if (try? Files.realPath(found)) == (try? Files.realPath(ProgramWord.current)) { return true }
        guard let status = (try? FileStatus.of(found, followLinks: true)) ?? nil, status.size < 4096,
            let bytes = (try? Files.read(found)) ?? nil, bytes.starts(with: "#!".utf8)
        else { return false }
        return String(decoding: bytes, as: UTF8.self).contains(" lfs \"$@\"")
    }
}
