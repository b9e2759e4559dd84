import Glibc
import Programs
import SystemCalls
import SystemPackage

/// Git's rule on whose repositories are trusted: the user's own, or those that `safe.directory` names.
enum RepositoryOwnership {
    /// Throws Git's advice where a repository belongs to somebody else and is not declared safe.
    static func check(
        gitFile: FilePath?, workTree: FilePath?, gitDirectory: FilePath, environment: [String: String]
    ) throws {
        let paths = [gitFile, workTree, gitDirectory].compactMap { $0 }
        let foreign = environment["GIT_TEST_ASSUME_DIFFERENT_OWNER"].flatMap(GitConfiguration.truth) ?? false
        if !foreign, try paths.allSatisfy({ try isOwn($0, environment: environment) }) { return }
        let subject = try Files.realPath(workTree ?? gitDirectory)
        if isSafe(subject, in: try GitConfigurationLoader.loadProtected(environment: environment)) { return }
        throw GitError(
            .notOwned, "open", "repository \(subject.string)",
            "detected dubious ownership in repository at '\(subject.string)'",
            hint: "to add an exception for this directory, call: "
                + "git config --global --add safe.directory \(ShellWord.quoted(subject.string))")
    }

    private static func isOwn(_ path: FilePath, environment: [String: String]) throws -> Bool {
        guard let owner = try FileStatus.of(path)?.owner else { return true }
        let user = geteuid()
        if user == 0, owner != 0, let number = environment["SUDO_UID"].flatMap({ UInt32($0) }) {
            return owner == number
        }
        return owner == user
    }

    /// Whether `safe.directory` allows a path: the path itself, `*`, or a folder above it followed by `/*`.
    static func isSafe(_ path: FilePath, in configuration: GitConfiguration) -> Bool {
        var isSafe = false
        for value in configuration.strings("safe.directory") {
            if value.isEmpty {
                isSafe = false
            } else if value == "*" {
                isSafe = true
            } else {
                let expanded = configuration.expanded(value)
                if expanded.hasSuffix("/*") {
                    let folder = FilePath(String(expanded.dropLast(2)))
                    if path != folder, path.starts(with: folder) { isSafe = true }
                } else if FilePath(expanded).lexicallyNormalized() == path
                    || (try? Files.realPath(FilePath(expanded))) == path
                {
                    isSafe = true
                }
            }
        }
        return isSafe
    }
}
