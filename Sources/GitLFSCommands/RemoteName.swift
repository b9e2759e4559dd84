import Git
import SystemCalls
import SystemPackage

extension Repository {
    /// What git-lfs says, with status 128, where a verb needs a work tree and there is none.
    static var needsWorkTree: String { "This operation must be run in a work tree." }

    /// Whether a text names a remote, a URL or a repository on this machine, as git-lfs accepts them; else its complaint.
    func complaint(aboutRemote name: String) throws -> String? {
        if try isRemote(name) { return nil }
        let path = (workTree ?? gitDirectory).pushing(FilePath(keeping: name)).lexicallyNormalized()
        return "Invalid remote name \"\(name)\": invalid remote name: \"\(path.string)\""
    }

    /// The full name of the branch, tag or remote branch that a word means; the word itself for anything else.
    func fullName(of revision: String) throws -> String? {
        guard try commit(revision) != nil else { return nil }
        if revision == "HEAD" { return try headBranch() ?? "HEAD" }
        for prefix in ["", "refs/", "refs/tags/", "refs/heads/", "refs/remotes/"] {
            let name = prefix + revision
            if name.hasPrefix("refs/"), try commit(name) != nil { return name }
        }
        return revision
    }
}
