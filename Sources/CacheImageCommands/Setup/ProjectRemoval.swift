import Adoption
import CommandSession
import Console
import Git
import ImageCache
import JSON
import LFS
import Programs
import SystemCalls
import SystemPackage

/// What `uninstall` finds in a repository, and what it is about to do.
struct ProjectRemoval {
    private let session: Session
    private let repository: Repository
    private let removal: CacheRemoval
    private let plan: CacheRemoval.Plan
    private let makesTars: Bool

    /// Looks at the repository around the session's configuration.
    init(_ session: Session, makesTars: Bool) throws {
        guard let repository = session.cache.repository, let cache = repository.relativePath(of: session.cache.folder)
        else { throw CacheError.needsRepository(verb: "uninstall", folder: session.configuration.root) }
        self.session = session
        self.repository = repository
        self.makesTars = makesTars
        removal = CacheRemoval(repository, cache: cache, transfer: try session.transfer("uninstall", remote: nil))
        plan = try removal.plan()
    }

    /// Whether the lines of `.gitattributes` can go: Git holds no archive by them, or none after this.
    private var removesLines: Bool { !plan.attributeLines.isEmpty && (plan.archives.isEmpty || makesTars) }
    private var removesArchives: Bool { makesTars && !plan.archives.isEmpty }

    /// Whether there is nothing to do.
    var isEmpty: Bool { !plan.hasFilters && !plan.hasHook && !removesLines && !removesArchives }

    /// Does it: the archives first, so that a failure leaves everything as it was.
    nonisolated(nonsending) func run() async throws {
        if removesArchives {
            let display = session.transferDisplay("fetching LFS objects")
            try await removal.materialise(plan.archives) { display($0) }
        }
        if removesLines || removesArchives {
            let stages = session.configuration.git.stage == .automatic
            let gone = try await removal.removeLines(plan.archives, stages: stages)
            for path in gone { session.terminal.note("\(path) is a plain file now, and no longer in Git's index") }
            let kept = plan.archives.compactMap(\.path).filter { !gone.contains($0) }
            if stages, removesArchives, let first = kept.first {
                session.terminal.note("\(first) stays in LFS: another line of .gitattributes says so")
            }
        }
        try removal.removeSetup(plan)
    }

    // MARK: Showing

    /// Shows the plan, as lines or as the one document.
    func show(isDone: Bool) {
        let terminal = session.terminal
        if terminal.options.isJSON { return terminal.json(json(isDone: isDone)) }
        if isEmpty { terminal.line("unchanged: nothing of cache-image is set in this repository") }
        if removesArchives {
            for archive in plan.archives {
                terminal.line("plain file \(archive.path?.description ?? "") (\(Quantity.bytes(archive.pointer.size)))")
            }
        }
        if removesLines {
            terminal.line("change \(AttributesFile.name)")
            for line in plan.attributeLines { terminal.line("  - \(line)") }
        }
        if plan.hasFilters { terminal.line("unset filter.lfs in the repository's configuration") }
        if plan.hasHook { terminal.line("remove the pre-push hook") }
        for note in notes { terminal.line("note: \(note)") }
    }

    /// What stays, and the command that removes it.
    private var notes: [String] {
        var notes: [String] = []
        let count = Quantity.count(plan.archives.count, "archive")
        if !plan.archives.isEmpty, !makesTars {
            notes.append("Git holds \(count) in LFS, so \(AttributesFile.name) stays; --tars takes them out")
            if plan.hasFilters || plan.hasHook {
                let isThere = ProgramSearch.find("git-lfs", environment: repository.environment) != nil
                notes.append(
                    isThere
                        ? "git-lfs takes over with: git lfs install"
                        : "without these settings Git needs git-lfs for them, which is not installed")
            }
        }
        if removesArchives {
            notes.append(
                "`git add` would then store these files whole; older versions stay in .git/lfs and on the server")
        }
        let root = session.configuration.root
        let own = ["cache-image.yml", "bin/cache-image", "bin/run-tests"].filter { name in
            let place = root.pushing(FilePath(name))
            return Files.exists(place) && (name.hasSuffix(".yml") || isScript(place))
        }
        let cache = Files.exists(session.cache.folder) ? session.cache.folder : nil
        let places = own.map { root.pushing(FilePath($0)) } + [cache].compactMap { $0 }
        if !places.isEmpty {
            let index = try? repository.index()
            let shown = places.compactMap { repository.relativePath(of: $0) }
            let isTracked = shown.contains { index?.entries(below: $0).isEmpty == false || index?.entry(at: $0) != nil }
            let words = shown.map { ShellWord.shown($0) }.joined(separator: " ")
            notes.append("these stay; to remove them: \(isTracked ? "git rm -r --ignore-unmatch" : "rm -r") \(words)")
        }
        return notes
    }

    private func isScript(_ place: FilePath) -> Bool {
        ((try? Files.readPlain(place, limit: 64 << 10)) ?? nil).map(LauncherScript.isOwn) ?? false
    }

    private func json(isDone: Bool) -> JSONValue {
        [
            "filters": .bool(plan.hasFilters), "hook": .bool(plan.hasHook),
            "attributes": .strings(removesLines ? plan.attributeLines : []),
            "archives": .strings(removesArchives ? plan.archives.compactMap { $0.path?.percentEncoded } : []),
            "notes": .strings(notes),
            "done": .bool(isDone),
        ]
    }
}
