import Git
import SystemCalls
import SystemPackage

/// The three lines of the root `.gitattributes` that a cache directory needs.
public enum CacheAttributes {
    /// The lines for a cache directory, in order.
    public static func lines(cache: RelativePath) -> [String] {
        let folder = AttributePattern.escaped(cache.description)
        return [
            "\(folder)/*.tar filter=lfs diff=lfs merge=binary -text", "\(folder)/*.md5 -text", "\(folder)/*.json -text",
        ]
    }

    /// Adds the lines that are missing to the work tree's file; whether any was.
    ///
    /// The file is not staged.
    @discardableResult
    public static func ensure(in repository: Repository, cache: RelativePath) throws -> Bool {
        guard let workTree = repository.workTree else {
            throw GitError(.failed, "change", ".gitattributes", "the repository has no work tree")
        }
        var file = try AttributesFile(in: workTree) { path throws(SystemError) in try repository.plainBytes(of: path) }
        for line in lines(cache: cache) { file.add(line) }
        try file.write()
        return file.isChanged
    }
}
