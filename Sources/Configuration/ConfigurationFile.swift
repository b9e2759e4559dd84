import Glibc
import SystemCalls
import SystemPackage

/// Where the configuration file and the work tree around it are.
public struct ConfigurationFile: Sendable {
    /// What the file is called.
    public static let name = "cache-image.yml"

    /// The file; nil where there is none.
    let path: FilePath?
    /// The file's folder, else the root of the work tree, else the current folder.
    let root: FilePath
    /// The root of the work tree around `root`.
    let repository: FilePath?
    /// The file's name in messages.
    let displayName: String

    /// Looks for the file that `--config` names, else upward from `folder` to the root of the work tree.
    static func find(
        named given: String?, from folder: FilePath, environment: [String: String]
    ) throws(ConfigurationError) -> ConfigurationFile {
        if let given {
            let path = folder.pushing(FilePath(given)).lexicallyNormalized()
            let root = path.removingLastComponent()
            return ConfigurationFile(
                path: path, root: root, repository: try repository(around: root, environment), displayName: given)
        }
        guard let repository = try repository(around: folder, environment) else {
            return ConfigurationFile(path: nil, root: folder, repository: nil, displayName: name)
        }
        var current = folder
        while true {
            let path = current.appending(name)
            if Files.exists(path) {
                return ConfigurationFile(
                    path: path, root: current, repository: repository, displayName: relative(path, to: folder))
            }
            let other = current.appending("cache-image.yaml")
            if Files.exists(other) {
                throw ConfigurationError("cannot read \(relative(other, to: folder)): the file must be called \(name)")
            }
            if current == repository || !current.removeLastComponent() { break }
        }
        return ConfigurationFile(path: nil, root: repository, repository: repository, displayName: name)
    }

    /// The root of the work tree around a folder, found as git finds it, without opening the repository.
    static func repository(
        around folder: FilePath, _ environment: [String: String]
    ) throws(ConfigurationError) -> FilePath? {
        if let tree = environment["GIT_WORK_TREE"], !tree.isEmpty {
            return folder.pushing(FilePath(tree)).lexicallyNormalized()
        }
        var current = folder
        while true {
            let entry = current.appending(".git")
            do {
                if let status = try FileStatus.of(entry, followLinks: true),
                    status.kind == .file || status.kind == .directory && Files.exists(entry.appending("HEAD"))
                {
                    return current
                }
            } catch {
                throw ConfigurationError("\(error)")
            }
            if !current.removeLastComponent() { break }
        }
        // As with git, GIT_DIR alone makes the current folder the top of the work tree.
        return environment["GIT_DIR", default: ""].isEmpty ? nil : folder
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
