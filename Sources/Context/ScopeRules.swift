import Patterns
import Records
import SystemCalls

/// Which paths below a folder count at all, whatever a Dockerfile says: ignore file, cache folder, `.git`, Git's rules.
package struct ScopeRules {
    /// The ignore file's patterns; nil where there are none.
    var ignored: IgnoreMatcher?
    /// Folders that never count, below the folder: the cache folder.
    var excluded: [RelativePath] = []
    /// Whether git-ignored files are left out.
    var leavesOutGitIgnored = true
    /// Matches all but what `includeIgnored` names; nil where it names nothing.
    var notIncluded: IgnoreMatcher?
    /// The path of the folder below the one that `includeIgnored` is relative to; nil where it lies elsewhere.
    var includePrefix: RelativePath?

    /// Whether `includeIgnored` names a path.
    func includes(_ path: RelativePath) -> Bool {
        guard let notIncluded, let includePrefix else { return false }
        return !notIncluded.isExcluded(includePrefix.appending(path))
    }

    /// Whether `includeIgnored` may name something below a folder.
    func mayIncludeBelow(_ path: RelativePath) -> Bool {
        guard let notIncluded, let includePrefix else { return false }
        return notIncluded.mayInclude(below: includePrefix.appending(path))
    }

    /// Whether something of a folder may count, as far as the ignore file and the cache folder decide.
    func mayTake(below folder: RelativePath) -> Bool {
        !isExcluded(folder.bytes) && ignored?.mayInclude(below: folder) ?? true
    }

    /// Whether a path is the cache folder or below it.
    func isExcluded(_ path: [UInt8]) -> Bool {
        excluded.contains { RelativePath(bytes: path).isInside($0) }
    }

    /// A matcher that leaves out everything but what the globs name.
    static func allBut(_ globs: [String]) throws(InputsError) -> IgnoreMatcher? {
        if globs.isEmpty { return nil }
        var patterns: [[UInt8]] = [Array("**".utf8)]
        for glob in globs {
            let isException = glob.hasPrefix("!")
            let text = isException ? String(glob.dropFirst()) : "!" + glob
            patterns += IgnoreFile.patterns(of: Array(text.utf8))
        }
        do { return try IgnoreMatcher(patterns) } catch {
            throw InputsError(.recipe, "cannot read globs \(globs.joined(separator: ", ")): \(error.reason)")
        }
    }
}
