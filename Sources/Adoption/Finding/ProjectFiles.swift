import Git
import SystemCalls
import SystemPackage

/// The files of a project that a fresh clone has, or would get by `git add`: found once, read by all who look for
/// something.
///
/// Links are not followed. Left out are ignored files, other repositories, the cache folder, hidden folders, and those in
/// which other people's projects lie.
public struct ProjectFiles: Sendable {
    /// The folder of the configuration.
    public let root: FilePath
    /// The files below it, ordered by their bytes.
    public let paths: [RelativePath]
    /// Whether there were more files than are looked at.
    public let isCut: Bool
    private let known: Set<RelativePath>

    /// Files and folders that are looked at.
    static let limit = 100_000
    /// Folders below each other that are looked into.
    private static let depth = 8
    private static let foreignFolders: Set<String> = ["node_modules", "vendor", "third_party", "venv", "__pycache__"]

    /// Takes files as they are told.
    init(root: FilePath, paths: [RelativePath], isCut: Bool = false) {
        self.root = root
        self.paths = paths.sorted()
        self.isCut = isCut
        known = Set(paths)
    }

    /// Looks for the files of a project.
    ///
    /// - Parameters:
    ///   - root: The folder of the configuration.
    ///   - cache: The cache folder.
    ///   - repository: The repository around it, whose rules say what is ignored.
    public init(below root: FilePath, leavingOut cache: FilePath, in repository: Repository) throws {
        let rules = try repository.ignoreRules()
        let prefix = repository.relativePath(of: root) ?? ""
        var walk = Walk(root: root, cache: cache) { path, isFolder in
            try rules.isIgnored(prefix.appending(path), isDirectory: isFolder)
        }
        try walk.visit("", depth: 0)
        self.init(root: root, paths: walk.found, isCut: walk.left < 0)
    }

    /// Whether a file is there.
    public func has(_ path: RelativePath) -> Bool { known.contains(path) }

    /// Whether a file of that name lies in a folder.
    func has(_ name: String, in folder: RelativePath) -> Bool { has(folder.appending(RelativePath(name))) }

    /// The text of a file; nil where it is none that people write: missing, too long, no UTF-8.
    public func text(_ path: RelativePath) -> String? {
        bytes(path).flatMap { String(validating: $0, as: UTF8.self) }
    }

    /// The bytes of a file that people write; nil where it is missing or too long.
    func bytes(_ path: RelativePath) -> [UInt8]? {
        guard has(path) else { return nil }
        return (try? Files.readPlain(root.appending(path), limit: InputLimit.writtenText)) ?? nil
    }

    private struct Walk {
        let root: FilePath
        let cache: FilePath
        let isIgnored: (RelativePath, Bool) throws -> Bool
        var found: [RelativePath] = []
        var left = ProjectFiles.limit

        init(root: FilePath, cache: FilePath, isIgnored: @escaping (RelativePath, Bool) throws -> Bool) {
            self.root = root
            self.cache = cache
            self.isIgnored = isIgnored
        }

        mutating func visit(_ folder: RelativePath, depth: Int) throws {
            let path = root.appending(folder)
            // A folder that cannot be read holds nothing that could be built.
            guard let names = try? Files.names(in: path) else { return }
            if depth > 0, names.contains(where: { $0.string == ".git" }) { return }
            for name in names {
                left -= 1
                if left < 0 { return }
                let child = folder.appending(RelativePath(bytes: FilePath(root: nil, [name]).bytes))
                guard let kind = try FileStatus.of(path.appending(name))?.kind else { continue }
                if kind == .file, try !isIgnored(child, false) {
                    found.append(child)
                } else if kind == .directory, depth < ProjectFiles.depth, !name.string.hasPrefix("."),
                    !ProjectFiles.foreignFolders.contains(name.string), path.appending(name) != cache,
                    try !isIgnored(child, true)
                {
                    try visit(child, depth: depth + 1)
                }
            }
        }
    }
}

extension RelativePath {
    /// The last component as text.
    var name: String { String(decoding: lastComponent, as: UTF8.self) }

    /// The folder as text, `.` for the root.
    var folderText: String { bytes.isEmpty ? "." : description }

    /// A path that a text names below a folder, `..` taken away; nil where it leads out of the root.
    static func resolving(_ text: String, in folder: RelativePath) -> RelativePath? {
        if text.hasPrefix("/") || text.hasPrefix("~") { return nil }
        var parts = folder.components.map { String(decoding: $0, as: UTF8.self) }
        for part in text.split(separator: "/") where part != "." {
            if part == ".." {
                if parts.popLast() == nil { return nil }
            } else {
                parts.append(String(part))
            }
        }
        return RelativePath(parts.joined(separator: "/"))
    }
}
