import Glibc
import SystemCalls
import SystemPackage

/// Where the configuration file and the work tree around it are.
public struct ConfigurationFile: Sendable {
    /// What the file is called.
    public static let name = "cache-image.yml"
    /// What is to be done where there is none.
    public static let hint = "cache-image init writes a \(name); or name an image with --name"

    /// The file; nil where there is none.
    let path: FilePath?
    /// The file's folder, else the root of the work tree, else the current folder.
    let root: FilePath
    /// The root of the work tree around `root`.
    let repository: FilePath?
    /// The file's name in messages.
    let displayName: String

    /// The folder that paths in the file must not leave.
    var boundary: FilePath { repository ?? root }

    /// Refuses a path that the file itself says and that leads out of its project, or into Git's folder.
    ///
    /// A stranger's file must not make an image of the caller's other files; a flag may.
    func check(_ path: Sourced<WrittenPath>, _ place: String, flag: String?) throws(ConfigurationError) {
        guard case .file = path.origin else { return }
        let absolute = path.value.absolute
        let complaint: String
        if !absolute.starts(with: boundary) {
            complaint = repository == nil ? "outside of this file's folder" : "outside of the work tree"
        } else if absolute.isInGitFolder(below: boundary) {
            complaint = "in Git's own folder"
        } else {
            return
        }
        let text = path.value.text
        throw ConfigurationError(
            "cannot read \(path.origin): \(place): \(Printable.quoted(text)) lies \(complaint)",
            hint: flag.map { "to use it, give it on the command line: \($0) \(absolute)" })
    }

    /// The folder around which the repository is to be looked for: that of the file that `--config` names, else `folder`.
    public static func searchFolder(
        _ overrides: Overrides, from folder: FilePath, environment: [String: String]
    ) -> FilePath {
        let given = FlagValues(environment: environment).said(.config, overrides)?.text
        guard let given else { return folder }
        let parent = path(given, in: folder).removingLastComponent()
        return Files.exists(parent) ? parent : folder
    }

    private static func path(_ given: String, in folder: FilePath) -> FilePath {
        let path = folder.pushing(FilePath(given)).lexicallyNormalized()
        // The folders are resolved, the file itself stays what it was called.
        guard let name = path.lastComponent, let parent = try? Files.realPath(path.removingLastComponent()) else {
            return path
        }
        return parent.appending(name)
    }

    /// Looks for the file that `--config` names, else upward from `folder` to the root of the work tree.
    ///
    /// Outside of a work tree only `--config` names a file. A folder that lies beside the work tree (`GIT_WORK_TREE`)
    /// stands for its root. A file that Git tracks and the checkout leaves out is refused: none above takes its place.
    static func find(
        named given: String?, from folder: FilePath, workTree: FilePath?,
        refusal: (FilePath) -> ConfigurationError? = { _ in nil }
    ) throws(ConfigurationError) -> ConfigurationFile {
        if let given {
            let path = path(given, in: folder)
            if !Files.exists(path), let error = refusal(path) { throw error }
            let root = path.removingLastComponent()
            let isInside = workTree.map { root.starts(with: $0) } ?? false
            return ConfigurationFile(
                path: path, root: root, repository: isInside ? workTree : nil, displayName: given)
        }
        guard let workTree else {
            return ConfigurationFile(path: nil, root: folder, repository: nil, displayName: name)
        }
        var current = folder.starts(with: workTree) ? folder : workTree
        while true {
            let path = current.appending(name)
            if Files.exists(path) {
                return ConfigurationFile(
                    path: path, root: current, repository: workTree, displayName: relative(path, to: folder))
            }
            if let error = refusal(path) { throw error }
            let other = current.appending("cache-image.yaml")
            if Files.exists(other) {
                throw ConfigurationError("cannot read \(relative(other, to: folder)): the file must be called \(name)")
            }
            if current == workTree || !current.removeLastComponent() { break }
        }
        return ConfigurationFile(path: nil, root: workTree, repository: workTree, displayName: name)
    }

    /// The current folder.
    public static func currentFolder() throws(ConfigurationError) -> FilePath {
        do {
            return try Files.currentFolder()
        } catch {
            throw ConfigurationError("\(error)")
        }
    }

    /// A path as one would write it in `folder`, one of its own folders or below.
    static func relative(_ path: FilePath, to folder: FilePath) -> String {
        var ups = 0
        var base = folder
        while !path.starts(with: base) {
            ups += 1
            if !base.removeLastComponent() { return path.string }
        }
        var rest = path
        guard rest.removePrefix(base), !rest.isEmpty || ups > 0 else { return path.string }
        return (Array(repeating: "..", count: ups) + (rest.isEmpty ? [] : [rest.string])).joined(separator: "/")
    }
}
