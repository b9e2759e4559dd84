import Adoption
import CommandSession
import Configuration
import Console
import Git
import ImageCache
import JSON
import OCI
import SystemPackage

/// What `init` finds in a repository, and what it is about to do.
struct ProjectAdoption {
    /// The archives of scripts that become entries, each with the image.
    let imports: [(entry: OldEntry, image: ImageName)]

    private let session: Session
    private let repository: Repository
    private let plan: AdoptionPlan
    /// What is worth knowing, in lines.
    private let remarks: [String]
    private let images: [ImageName]

    /// Looks at the repository around the session's configuration.
    init(_ session: Session) throws {
        let root = session.configuration.root
        guard let repository = session.cache.repository, let workTree = repository.workTree else {
            throw CacheError.needsRepository(verb: "init", folder: root)
        }
        self.session = session
        self.repository = repository
        let old = try OldEntry.all(in: session.cache.folder)
        var remarks: [String] = []
        var text: String?
        var configuration = session.configuration
        if configuration.file == nil {
            let files = try ProjectFiles(below: root, leavingOut: session.cache.folder, in: repository)
            let draft = ProjectDraft(files, old: old)
            if draft.isEmpty {
                let unreadable = draft.unreadable.first.map { "\($0) cannot be read as one" }
                throw Failure(
                    .usage, "cannot find a Dockerfile below \(root)" + (unreadable.map { ": \($0)" } ?? ""),
                    hint: "write one (Dockerfile, Containerfile, NAME.Dockerfile), then cache-image init")
            }
            text = draft.text
            configuration = try ProjectConfiguration.propose(
                Array(draft.text.utf8), in: root, workTree: workTree, environment: session.cache.environment)
            remarks += draft.unreadable.map { "\($0) is left out: it cannot be read as a Dockerfile" }
            if files.isCut { remarks.append("there are more files than were looked at: check the images and levels") }
            remarks += draft.replacements
            remarks += configuration.levels.compactMap { level in
                level.mistake.map { "level \(level.name) has to be changed: \($0)" }
            }
            remarks += configuration.questions.map { "\($0.subject) will be asked about once (docs/security.md)" }
        }
        images = configuration.images.map(\.name)
        plan = try AdoptionPlan(
            repository, root: root, cache: session.cache.folder, configuration: text,
            builds: configuration.images.compactMap { image in
                guard case .dockerfile(let path) = image.recipe else { return nil }
                return .init(dockerfile: path, context: image.context)
            })
        var imports: [(OldEntry, ImageName)] = []
        for entry in old {
            if let image = configuration.image(entry.name), image.isCached {
                imports.append((entry, image.name))
            } else {
                remarks.append("\(entry.path.lastComponent?.string ?? "") stays: no image is called \(entry.name)")
            }
        }
        self.imports = imports
        self.remarks = plan.remarks + remarks
    }

    /// Whether there is nothing to do.
    var isEmpty: Bool { plan.changes.isEmpty && imports.isEmpty }

    /// Writes the files, and stages them unless told not to.
    nonisolated(nonsending) func write() async throws {
        try await plan.write(stages: session.configuration.git.stage == .automatic, in: repository)
    }

    // MARK: Showing

    /// Shows the plan, as lines or as the one document; with the lines of the files where it `isWhole`, and at `-v`.
    func show(isDone: Bool, isWhole: Bool = true) {
        let terminal = session.terminal
        if terminal.options.isJSON { return terminal.json(json(isDone: isDone)) }
        if isEmpty { terminal.line("unchanged: all that cache-image init writes is there") }
        for file in plan.changes {
            terminal.line("\(file.action ?? "") \(file.path)")
            if !isWhole, terminal.options.verbosity == 0 { continue }
            let lines = file.difference
            let isLong = file.isExecutable && terminal.options.verbosity == 0 && lines.count > 3
            for line in isLong ? Array(lines.prefix(2)) : lines { terminal.line("  " + line) }
            if isLong { terminal.line("  … \(lines.count - 2) more lines, which -v shows") }
        }
        for (entry, image) in imports {
            terminal.line("import \(shown(entry)) as \(image)")
            terminal.line("  its image is kept; \(image) built anew: cache-image build \(image.name)")
        }
        for remark in remarks { terminal.line("note: \(remark)") }
    }

    /// Shows how the image of a new configuration stands; what keeps it from being built is a warning.
    func showState(of image: ImageDeclaration, in adopted: Session) {
        do {
            let inspection = try adopted.cache.inspector.inspect(image)
            if !adopted.terminal.options.isJSON {
                adopted.terminal.line("\(inspection.state.rawValue) \(image.name) \(inspection.inputs.key.short)")
            }
        } catch {
            let failure = Failure(describing: error)
            adopted.terminal.warning(failure.message, hint: failure.hint)
        }
    }

    private func shown(_ entry: OldEntry) -> String {
        repository.relativePath(of: entry.path)?.description ?? entry.path.string
    }

    private func json(isDone: Bool) -> JSONValue {
        [
            "files": .array(
                plan.changes.map { file in
                    [
                        "path": .string(file.path.percentEncoded), "action": .string(file.action ?? ""),
                        "difference": .strings(file.difference),
                    ]
                }),
            "imports": .array(
                imports.map { ["archive": .string(shown($0.entry)), "image": .string($0.image.description)] }),
            "images": .strings(images.map(\.description)), "notes": .strings(remarks), "written": .bool(isDone),
        ]
    }
}
