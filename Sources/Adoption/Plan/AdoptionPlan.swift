import Git
import LFS
import SystemCalls
import SystemPackage

/// What `init` does to a project: files to write, archives to take over, and what it leaves alone.
public struct AdoptionPlan {
    /// An image whose context may take files of `init`: its Dockerfile and its context.
    public struct Build: Sendable {
        let dockerfile: FilePath
        let context: FilePath

        /// Names the files.
        public init(dockerfile: FilePath, context: FilePath) {
            self.dockerfile = dockerfile
            self.context = context
        }
    }

    /// The files, those that stay as they are included.
    public private(set) var files: [PlannedFile] = []
    /// What stays as it is, and why that is worth knowing.
    public private(set) var remarks: [String] = []

    private let root: FilePath
    private let workTree: FilePath
    private let cache: RelativePath
    private let repository: Repository

    /// Plans the files of a project.
    ///
    /// - Parameters:
    ///   - repository: The repository; it has a work tree.
    ///   - root: The folder of the configuration.
    ///   - cache: The cache folder.
    ///   - configuration: The text of the configuration; nil where there is one.
    ///   - builds: What images are made of.
    public init(
        _ repository: Repository, root: FilePath, cache: FilePath, configuration: String?, builds: [Build]
    ) throws {
        guard let workTree = repository.workTree, let folder = repository.relativePath(of: cache) else {
            throw GitError(.failed, "write to", cache.string, "it lies in no work tree")
        }
        self.repository = repository
        self.root = root
        self.workTree = workTree
        self.cache = folder
        if let configuration {
            files.append(try planned(root.appending("cache-image.yml"), Array(configuration.utf8)))
        }
        let scripts = try planScripts()
        try planAttributes()
        try planGitIgnore(scripts)
        try planContexts(builds, scripts)
    }

    /// The files that something is done to.
    public var changes: [PlannedFile] { files.filter { $0.action != nil } }

    private func shown(_ place: FilePath) -> RelativePath {
        place.relative(to: workTree) ?? RelativePath(bytes: place.bytes)
    }

    private func planned(_ place: FilePath, _ after: [UInt8], isExecutable: Bool = false) throws -> PlannedFile {
        PlannedFile(
            shown(place), at: place, before: try Files.readPlain(place), after: after, isExecutable: isExecutable)
    }

    // MARK: Scripts

    /// Plans the scripts; those that are, or will be, ours.
    private mutating func planScripts() throws -> [FilePath] {
        var own: [FilePath] = []
        for (name, failure) in LauncherScript.programs {
            let place = root.appending("bin").appending(name)
            if try isForeign(place) {
                remarks.append("\(shown(place)) is not of cache-image init, and stays; remove it to get the script")
                continue
            }
            own.append(place)
            files.append(
                try planned(place, Array(LauncherScript.text(name, failure: failure).utf8), isExecutable: true))
        }
        return own
    }

    /// Whether somebody else's file stands in a place, or a link leads to it.
    private func isForeign(_ place: FilePath) throws -> Bool {
        if try Files.resolved(place, below: workTree) != place { return true }
        guard let kind = try FileStatus.of(place)?.kind else { return false }
        return try kind != .file || !LauncherScript.isOwn(Files.readPlain(place) ?? [])
    }

    // MARK: Git

    private mutating func planAttributes() throws {
        var file = try AttributesFile(of: repository, in: workTree)
        let before = Files.exists(workTree.appending(AttributesFile.name)) ? file.bytes : nil
        let own = CacheAttributes.lines(of: cache)
        for (number, line) in file.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .enumerated()
        {
            let text = String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
            guard text.contains("=lfs"), !own.contains(where: { $0.elementsEqual(text.utf8) }) else { continue }
            let isMerged = text.contains("merge=lfs") && text.contains(".tar")
            remarks.append(
                "\(AttributesFile.name):\(number + 1) stays: \(text)"
                    + (isMerged ? "; the line for \(cache) below it says merge=binary of archives there" : ""))
        }
        for line in own { file.add(line) }
        files.append(
            PlannedFile(
                AttributesFile.name, at: workTree.appending(AttributesFile.name), before: before, after: file.bytes))
    }

    private mutating func planGitIgnore(_ scripts: [FilePath]) throws {
        let rules = try repository.ignoreRules()
        let (lines, local) = try IgnoreLines.ofCache(cache, rules)
        if let local {
            remarks.append("\(local) keeps the cache on this machine; take the line out to share images by Git")
        }
        var file = try LinesFile(".gitignore", at: workTree.appending(".gitignore"))
        file.add(lines, because: "Images in \(cache) are shared; what is under way is not.")
        let shared = [root.appending("cache-image.yml")] + scripts
        file.add(
            try IgnoreLines.sharing(shared.map(shown), rules), because: "cache-image init: these are shared.")
        files.append(file.planned)
    }

    // MARK: Contexts

    /// Keeps what says how tests run out of images that take everything: a changed level is no other image.
    private mutating func planContexts(_ builds: [Build], _ scripts: [FilePath]) throws {
        let own = [root.appending("cache-image.yml")] + scripts
        var done: Set<FilePath> = []
        for build in builds {
            let path = shown(build.dockerfile)
            guard let bytes = try? Files.readLinked(build.dockerfile, below: workTree, limit: InputLimit.writtenText),
                let dockerfile = FoundDockerfile(path, bytes), dockerfile.takesAll
            else { continue }
            let place = Self.ignoreFile(of: build)
            let inside = own.compactMap { $0.relative(to: build.context) }
            if inside.isEmpty || !done.insert(place).inserted { continue }
            let kind = try FileStatus.of(place)?.kind
            if try (kind != nil && kind != .file) || Files.resolved(place, below: workTree) != place { continue }
            var file = try LinesFile(shown(place), at: place)
            let missing = IgnoreLines.entering(inside, file.before)
            file.add(missing.map(\.description), because: "A change of these makes no other image.")
            files.append(file.planned)
        }
    }

    /// The ignore file of a build: that of the Dockerfile where there is one, else that of the context.
    private static func ignoreFile(of build: Build) -> FilePath {
        let places =
            [".dockerignore", ".containerignore"].map { build.dockerfile.withSuffix($0) }
            + [".dockerignore", ".containerignore"].map { build.context.appending($0) }
        return places.first { Files.exists($0) } ?? build.context.appending(".dockerignore")
    }
}
