import Git
import LFS
import Programs
import SystemCalls
import SystemPackage

/// Teaches the Git of a clone how to filter and push archives, where no other program does that.
struct GitTeacher {
    let environment: [String: String]
    /// The file that says that Git could not be taught.
    let unfinished: FilePath
    let events: CacheEvents

    /// Whether an earlier command could not do it.
    var isUnfinished: Bool { Files.exists(unfinished) }

    /// Installs filter and hook where they are missing; what goes wrong is a warning.
    func teach(_ repository: Repository) {
        let program = ProgramWord.forShell(
            ProgramWord.current.removingLastComponent().appending("cache-image"), environment: environment)
        do {
            if try FilterInstallation(repository, program: program).install() {
                events.note("set filter.lfs in the repository's configuration: Git has no other program for LFS files")
            }
            switch try PrePushHook(repository, program: program).install() {
            case .installed, .repaired: events.note("installed the pre-push hook: git push uploads archives first")
            case .upToDate: break
            case .foreign(let path, let lines):
                events.warning(
                    "left the pre-push hook \(path) alone, so git push uploads no archives",
                    "add to it: \(lines.joined(separator: "; ")); or use cache-image push")
            case .switchedOff(let path):
                events.warning(
                    "hooks are switched off by core.hooksPath (\(path)), so git push uploads no archives",
                    "cache-image push uploads them")
            }
            _ = try? Files.remove(unfinished)
        } catch {
            let hint = (error as? GitError)?.hint ?? "cache-image lfs install"
            events.warning("git is not set up for LFS: \(error)", hint)
            _ = try? Files.createPlain(unfinished).close()
        }
    }
}
