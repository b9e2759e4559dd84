import Context
import Dockerfile
import Hashing
import JSON
import Records

extension InputsComputation {
    /// The inputs of a recipe that is not understood: everything counts (rule 41).
    func opaque(
        _ reason: String, _ warnings: [String], _ bytes: [UInt8], _ frontend: DockerfileSyntax.Frontend?,
        _ ignore: IgnoreChoice, _ extras: InputExtras
    ) throws(InputsError) -> DockerfileImage {
        let content: ContextContent
        let tree: StepTree
        if let staged, staged.plan == nil {
            content = staged.content
            tree = TreeHasher.digest(content.files, Array(content.files.indices), FileTable(), [], withoutMode: false)
        } else {
            let sources = try sources(ignore)
            let scan = ContextScan(
                request, rules: sources.rules, scope: sources.scope, caches: caches,
                recorded: RecordedSubmodules(request, ignore: ignore.json(in: request.root), caches: caches))
            tree = try scan.readAll()
            content = ContextContent(scan, state: sources.repositoryState)
        }
        let references = DockerfileSyntax.baseReferences(of: bytes, request: request.buildRequest)
        let arguments = request.arguments.filter { !request.localArguments.contains($0.key) }
        let given = arguments.reduce(into: [:]) { $0[$1.key] = request.buildRequest.given($1.key) }
        let sources: Set<SecretSource> = given.values.reduce(into: []) { $0.formUnion($1.secrets) }
        let seal = try SecretSeal(image: request.image.description, sources)
        let identities = references.map { reference -> CanonicalValue in
            .list([
                .text(reference.name), .text(bases.identity(reference).description),
                .text(reference.platform.description),
            ])
        }
        let opaque: [String: CanonicalValue] = [
            "dockerfile": .atom(bytes), "tree": .digest(tree.digest),
            "args": .map(given.mapValues { seal.canonical($0) }),
            "target": request.target.map { CanonicalValue.text($0) } ?? .none, "labels": .strings(request.labels),
            "bases": .list(identities), "named-contexts": .bool(request.hasNamedContexts),
        ]
        let root = CanonicalValue.list([
            .text(InputsRecord.currentAlgorithm),
            .list([.text("frontend"), frontend.map { CanonicalValue.text($0.commandLine) } ?? .none]),
            .list([.text("platform"), .text(request.platform.description)]), .list([.text("opaque"), .map(opaque)]),
            .list([.text("extra"), .map(extras.canonical)]),
        ])
        let secrets = SecretText(request.arguments, secrets: request.secretArguments)
        var record = head(root, frontend, ignore, content)
        record.arguments = given.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map {
            let members = seal.members(of: $0.value) ?? [.init("value", .string($0.value.text))]
            return InputsRecord.Argument(name: $0.key, json: .object(members + [.init("lines", [])]))
        }
        record.bases = references.map {
            InputsRecord.Base(reference: $0.reference, line: $0.line, identity: bases.identity($0))
        }
        record.extra = opaqueExtra(reason, bytes, extras, secrets)
        record.marks = [Mark(.inexact, reason)]
        let unlocked = references.filter(bases.isUnlocked)
        record.marks += unlocked.map { Mark(.basesUnlocked, $0.name) }
        let inputs = ImageInputs(
            request: request, record: record,
            warnings: warnings + extras.warnings + ignore.warnings + content.warnings + untrackedWarning(content),
            bases: references.map {
                bases[$0] == nil
                    ? .init(
                        reference: $0.reference, written: $0.name, platform: request.platform, declared: nil)
                    : bases.named($0)
            },
            imagePlatform: request.platform, runtime: nil, content: content, extras: extras)
        return DockerfileImage(inputs: inputs, dockerfileBytes: bytes, plan: nil, bases: bases)
    }

    /// The document's `extra` of opaque mode: reason, labels and the Dockerfile's lines, so that a change can be shown.
    private func opaqueExtra(
        _ reason: String, _ bytes: [UInt8], _ extras: InputExtras, _ secrets: SecretText
    ) -> JSONValue {
        var members = extras.json.members ?? []
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let labels = request.labels.reduce(into: [:]) { $0[$1.key] = secrets.json($1.value, name: $1.key) }
        let opaque: JSONValue = [
            "reason": .string(reason), "sha256": .string(SHA256Digest(of: bytes).hexadecimal),
            "labels": .map(labels),
            "namedContexts": .bool(request.hasNamedContexts),
            "lines": .array(lines.map { secrets.json(String(decoding: $0, as: UTF8.self)) }),
        ]
        members.append(.init("opaque", opaque))
        return .object(members)
    }
}
