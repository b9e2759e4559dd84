import Context
import Dockerfile
import Git
import Hashing
import JSON
import Records
import SystemCalls
import SystemPackage

/// One computation of an image's inputs, from the Dockerfile's bytes to the key.
struct InputsComputation {
    let request: ImageRequest
    let repository: Repository?
    var bases: KnownBases
    let caches: OpenCaches
    /// Inputs whose files were staged: these count, not those in the work tree.
    let staged: DockerfileImage?
    let dockerfileName: String

    init(
        _ request: ImageRequest, repository: Repository?, bases: KnownBases, caches: InputCaches,
        staged: DockerfileImage? = nil, trustsNothing: Bool = false
    ) {
        self.request = request
        self.repository = repository
        self.bases = bases
        self.caches = OpenCaches(caches, trustsNothing: trustsNothing)
        self.staged = staged
        dockerfileName = ShownPath.of(request.dockerfile, in: request.root)
    }

    /// Computes everything; `declared` answers which declared image a base image is.
    mutating func run(_ declared: (NamedBase) throws(InputsError) -> DeclaredBase?) throws(InputsError)
        -> DockerfileImage
    {
        let bytes: [UInt8]
        if let staged { bytes = staged.dockerfileBytes } else { bytes = try dockerfile() }
        let ignore = try IgnoreChoice(dockerfile: request.dockerfile, context: request.context, root: request.root) {
            ShownPath.of($0, in: request.root)
        }
        let extras: InputExtras
        if let staged {
            extras = staged.inputs.extras
        } else {
            extras = try InputExtras(request, repository: repository, rules: try sources(ignore).rules, caches: caches)
        }
        let frontend = DockerfileSyntax.frontend(of: bytes)
        let image: DockerfileImage
        switch try recipe(bytes, frontend, declared) {
        case .exact(let plan):
            image = try exact(plan, bytes, frontend, ignore, extras)
        case .opaque(let reason, let isExpected):
            let warnings = isExpected ? [] : ["\(reason): not understood, so every file of the context counts"]
            image = try opaque(reason, warnings, bytes, frontend, ignore, extras)
        }
        // The list of files is that of the record, so nothing but the record's own key is proven by it.
        if let refusal = image.content.assumption, image.inputs.key != caches.record?.key { throw refusal }
        caches.save()
        return image
    }

    /// The rules of the context's scope and its repository, looked at when the folder has to be.
    func sources(_ ignore: IgnoreChoice) throws(InputsError) -> InputSources {
        try InputSources(request, repository: repository, ignore: ignore)
    }

    private func dockerfile() throws(InputsError) -> [UInt8] {
        do throws(SystemError) {
            if let bytes = try Files.readLinked(request.dockerfile, below: request.root, limit: InputLimit.writtenText)
            {
                return bytes
            }
        } catch { throw InputsError(reading: dockerfileName, error) }
        if let repository,
            let refusal = try InputsError.absence(of: request.dockerfile, in: repository, root: request.root)
        {
            throw refusal
        }
        throw InputsError(
            .recipe, "cannot read \(dockerfileName): no such file",
            fault: InputsError.Fault(
                "dockerfile", "there is no file \"\(dockerfileName)\"", missing: request.dockerfile))
    }

    /// What a Dockerfile can be taken for.
    private enum Recipe {
        case exact(BuildPlan)
        /// Everything counts, for a reason; one that the user may not expect is said by every command.
        case opaque(String, isExpected: Bool)
    }

    /// Evaluates the Dockerfile, or says why it cannot be understood (rules 40, 41).
    private mutating func recipe(
        _ bytes: [UInt8], _ frontend: DockerfileSyntax.Frontend?,
        _ declared: (NamedBase) throws(InputsError) -> DeclaredBase?
    ) throws(InputsError) -> Recipe {
        let recipe = try recipe(bytes, frontend)
        let references =
            switch recipe {
            case .exact(let plan): plan.bases
            case .opaque: DockerfileSyntax.baseReferences(of: bytes, request: request.buildRequest)
            }
        var isChanged = false
        for base in references where bases[base] == nil {
            let named = NamedBase(
                written: base.text, platform: base.platform, place: "\(dockerfileName):\(base.line)")
            guard let found = try declared(named) else { continue }
            bases.declared[KnownBases.Key(base)] = found
            isChanged = true
        }
        // What a base image sets may lead to further ones.
        return isChanged ? try self.recipe(bytes, frontend, declared) : recipe
    }

    /// Evaluates the Dockerfile by what is known of base images so far.
    private func recipe(_ bytes: [UInt8], _ frontend: DockerfileSyntax.Frontend?) throws(InputsError) -> Recipe {
        if let frontend, !frontend.isDockerfile {
            return .opaque("unknown frontend \(frontend.reference)", isExpected: false)
        }
        if request.hasNamedContexts { return .opaque("additional build contexts", isExpected: true) }
        if request.platform.os == "windows" { return .opaque("Windows image", isExpected: true) }
        do throws(DockerfileError) {
            let syntax = try DockerfileSyntax(bytes)
            var wanted = request.buildRequest
            if !request.localArguments.isEmpty {
                wanted.arguments = wanted.arguments.filter { !request.localArguments.contains($0.key) }
            }
            return .exact(try BuildPlan(syntax, request: wanted) { bases.image($0) })
        } catch {
            if error.kind == .notUnderstood, frontend != nil {
                return .opaque(
                    "\(dockerfileName)\(error.line.map { ":\($0)" } ?? ""): \(error.reason)", isExpected: false)
            }
            var fault: InputsError.Fault?
            if case .noSuchStage(let stages) = error.kind, let target = request.target {
                let reason = "\(dockerfileName) has no stage \"\(target)\""
                fault = InputsError.Fault("target", reason, word: target, candidates: stages)
            }
            throw InputsError(.recipe, error.description(file: dockerfileName), fault: fault)
        }
    }

    private func exact(
        _ plan: BuildPlan, _ bytes: [UInt8], _ frontend: DockerfileSyntax.Frontend?, _ ignore: IgnoreChoice,
        _ extras: InputExtras
    ) throws(InputsError) -> DockerfileImage {
        let content: ContextContent
        if let staged, let kept = staged.content.kept(from: staged.plan, for: plan) {
            content = kept
        } else {
            let sources = try sources(ignore)
            let scan = ContextScan(
                request, rules: sources.rules, scope: sources.scope, caches: caches,
                recorded: RecordedSubmodules(request, ignore: ignore.json(in: request.root), caches: caches))
            try scan.read(plan)
            content = ContextContent(scan, state: sources.repositoryState)
        }
        let seal = try SecretSeal(image: request.image.description, plan.secrets)
        let chain = KeyChain(plan, trees: content.trees, seal) { bases.identity($0) }
        let root = CanonicalValue.list([
            .text(InputsRecord.currentAlgorithm),
            .list([.text("frontend"), frontend.map { .text($0.commandLine) } ?? .none]),
            .list([.text("platform"), .text(request.platform.description)]),
            .list([.text("target"), .digest(chain.final)]),
            .list([.text("config"), plan.configuration.canonical(seal)]),
            .list([.text("extra"), .map(extras.canonical)]),
        ])
        let secrets = SecretText(request.arguments, secrets: request.secretArguments)
        let builder = RecordBuilder(plan: plan, chain: chain, trees: content.trees, secrets: secrets, seal: seal)
        var record = head(root, frontend, ignore, content)
        record.arguments = builder.arguments(without: request.localArguments)
        record.bases = plan.bases.map {
            InputsRecord.Base(reference: $0.reference, line: $0.line, identity: bases.identity($0))
        }
        record.remotes = plan.remotes.map {
            let members: [JSONValue.Member] = [
                .init("ref", .string($0.text.shown)), .init("line", .integer(Int64($0.line))),
                .init("checksum", $0.checksum.map { seal.json($0) } ?? .null),
            ]
            return .object(members + (seal.members(of: $0.text) ?? []))
        }
        record.config = builder.config
        record.operations = builder.operations
        record.extra = extras.json
        record.marks = plan.marks.map { Mark($0) }
        var warnings = plan.warnings.map { warning in
            (warning.line.map { "\(dockerfileName):\($0): " } ?? "\(dockerfileName): ") + warning.text
        }
        warnings += extras.warnings + ignore.warnings + content.warnings + untrackedWarning(content)
        let inputs = ImageInputs(
            request: request, record: record, warnings: warnings,
            bases: plan.bases.map { bases.named($0) }, imagePlatform: plan.stages[plan.target].platform,
            runtime: plan.baseImage.runtime, content: content, extras: extras)
        return DockerfileImage(inputs: inputs, dockerfileBytes: bytes, plan: plan, bases: bases)
    }

    /// The members that exact and opaque records share.
    func head(
        _ root: CanonicalValue, _ frontend: DockerfileSyntax.Frontend?, _ ignore: IgnoreChoice,
        _ content: ContextContent
    ) -> InputsRecord {
        var record = InputsRecord()
        let encoded = root.encoded
        record.key = SHA256Digest(of: encoded)
        record.md5 = DigestAlgorithm.md5.digest(of: encoded).hexadecimal()
        record.image = request.image.description
        record.platform = request.platform
        record.target = request.target
        record.dockerfile = dockerfileName
        record.context = ShownPath.of(request.context, in: request.root)
        record.contextFiles = request.contextFiles
        record.frontend = frontend?.commandLine
        record.ignore = ignore.json(in: request.root)
        record.files = content.recorded
        record.git = content.repositoryState
        return record
    }

    func untrackedWarning(_ content: ContextContent) -> [String] {
        guard content.repositoryState != .null else { return [] }
        let files = content.recorded
        // This program writes and stages the root's attributes itself.
        let attributes = (repository?.workTree ?? request.root).appending(".gitattributes")
        let own = attributes.lexicallyNormalized().relative(to: request.context.lexicallyNormalized())
        let untracked = files.entries.filter {
            $0.flags.contains(.untracked) && !files.name($0).elementsEqual(own?.bytes ?? [])
        }
        let count = untracked.count
        guard let first = untracked.first else { return [] }
        let name = RelativePath(bytes: Array(files.name(first))).percentEncoded
        let what = count == 1 ? "file is" : "files are"
        let names = count == 1 ? name : "\(name), …"
        return ["\(count) in-scope \(what) not in Git: a fresh clone cannot reproduce this key (\(names))"]
    }
}

extension Mark {
    init(_ mark: BuildPlan.Mark) {
        let kind: Kind =
            switch mark.name {
            case .inexact: .inexact
            case .basesUnlocked: .basesUnlocked
            case .unpinned: .unpinned
            }
        self.init(kind, mark.reason)
    }
}
