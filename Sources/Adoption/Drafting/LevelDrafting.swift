import SystemCalls
import SystemPackage

/// The levels of a project: the commands that its scripts run in containers, else those that its tools are known for.
struct LevelDrafting {
    private(set) var levels: [LevelProposal] = []
    private let files: ProjectFiles
    private let images: [ImageProposal]

    /// Puts together what is known of a project's tests.
    init(_ files: ProjectFiles, _ images: [ImageProposal], _ scripts: ProjectScripts, services: [ComposeService]) {
        self.files = files
        self.images = images
        for found in scripts.calls { add(found) }
        for service in services { add(service) }
        guard levels.isEmpty else { return }
        for image in images {
            if image.target.map(FoundDockerfile.testStages.contains) ?? false, image.dockerfile.hasCommand(image.target)
            {
                append(
                    LevelProposal(name: "unit", remarks: ["the image's own command, of \(image.dockerfile.path)"]),
                    image)
            }
            for command in files.testCommands(in: image.context) {
                append(LevelProposal(name: command.level, command: command.words, remarks: [command.source]), image)
            }
            guard image.context.bytes.isEmpty else { continue }
            for target in scripts.targets {
                var words = ["make", target.name]
                if target.recipe.count == 1, target.recipe[0].words.allSatisfy({ $0.isKnown && !$0.text.contains("$") })
                {
                    words = target.recipe[0].texts
                }
                append(
                    LevelProposal(
                        name: Proposals.level(target.name, []), command: words,
                        remarks: ["Makefile, target \(target.name)"]),
                    image)
            }
        }
    }

    /// Whether something is there for tests, by what it is called.
    private static func isTest(_ words: [String]) -> Bool {
        let telling: Set<String> = [
            "test", "tests", "check", "unit", "unittest", "integration", "e2e", "lint", "pytest", "spec", "verify",
            "tox",
        ]
        return words.contains { word in
            word.lowercased().split { !$0.isLetter && !$0.isNumber }.contains { telling.contains(String($0)) }
        }
    }

    private mutating func add(_ found: ProjectScripts.Found) {
        guard let run = found.call.run, Self.isTest([found.title] + run.command) else { return }
        let named = run.image.flatMap(Proposals.name)
        let image =
            found.call.service.map { service in images.first { $0.services.contains(service) } }
            ?? images.first { $0.name == named?.name && $0.tag == named?.tag }
            ?? (images.count == 1 && named == nil ? images[0] : nil)
        guard let image else { return }
        var level = LevelProposal(name: Proposals.level(found.title, run.command), command: run.command)
        level.remarks = ["\(found.call.file), line \(found.call.line)"]
        level.entrypoint =
            run.entrypoint ?? (!run.command.isEmpty && image.dockerfile.hasEntrypoint(image.target) ? "image" : nil)
        for mount in run.mounts {
            if isThere(mount) {
                level.mounts.append(mount)
            } else {
                level.remarks.append("left out: --volume \(mount)")
            }
        }
        (level.environment, level.passedEnvironment) = (run.environment, run.passedEnvironment)
        (level.workingFolder, level.isAsCaller, level.network) = (run.workingFolder, run.isAsCaller, run.network)
        if !run.leftOut.isEmpty { level.remarks.append("left out: \(run.leftOut.joined(separator: ", "))") }
        append(level, image)
    }

    private mutating func add(_ service: ComposeService) {
        guard !service.command.isEmpty, Self.isTest([service.name] + service.command),
            let image = images.first(where: { $0.services.contains(service.name) })
        else { return }
        let entrypoint = image.dockerfile.hasEntrypoint(image.target) ? "image" : nil
        append(
            LevelProposal(
                name: Proposals.level(service.name, service.command), command: service.command, entrypoint: entrypoint,
                remarks: ["\(service.file), service \(service.name)"]), image)
    }

    /// Whether a mount's source is a volume, or a path that is there.
    private func isThere(_ mount: String) -> Bool {
        let source = mount.prefix { $0 != ":" }
        return !source.hasPrefix(".")
            || Files.exists(files.root.pushing(FilePath(String(source))).lexicallyNormalized())
    }

    private mutating func append(_ level: LevelProposal, _ image: ImageProposal) {
        var level = level
        if images.count > 1 {
            level.image = image.name
            // Names that any image's level could have.
            if ["unit", "integration", "e2e", "lint"].contains(level.name), let word = Proposals.word(image.name) {
                level.name = "\(word)-\(level.name)"
            }
        }
        if levels.contains(where: { $0.command == level.command && $0.image == level.image }) { return }
        if !image.dockerfile.takesFiles, level.mounts.isEmpty, !level.command.isEmpty {
            (level.mounts, level.workingFolder) = ([".:/work"], "/work")
            level.remarks.append("the image holds no file of the project, so it is mounted")
        }
        level.name = Proposals.free(level.name, Set(levels.map(\.name)))
        levels.append(level)
    }
}
