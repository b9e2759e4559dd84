import Context
import Git
import Hashing
import JSON
import OCI
import Records
import SystemCalls
import SystemPackage

/// One computation of an OS image's inputs, from the template's bytes to the key.
struct OSComputation {
    let request: ImageRequest
    let repository: Repository?
    let caches: OpenCaches
    /// The folder with the files as they were staged, and what is known of them; nil for the work tree.
    var staged: (folder: FilePath, content: ContextContent, extras: InputExtras)?

    private var root: FilePath { request.root }

    /// Computes everything.
    func run() throws(InputsError) -> OSImage {
        guard let template = request.dockerfile.lexicallyNormalized().relative(to: root) else {
            throw InputsError(.recipe, "cannot read \(request.dockerfile): it lies outside of the work tree")
        }
        let chain = try TemplateChain(template, root: root) { path, place throws(InputsError) in
            try bytes(of: path, place)
        }
        try checkPlatform(chain)
        let lock = PackageLock.path(for: template)
        var names = chain.names
        let isLocked = try isThere(lock)
        if isLocked { names.append(.init(lock, place: "the lock of \(template)")) }
        let content: ContextContent
        let extras: InputExtras
        if let staged {
            (content, extras) = (staged.content, staged.extras)
        } else {
            let files = try NamedFiles(request, repository: repository, caches: caches)
            content = try files.read(names)
            extras = try InputExtras(request, repository: repository, rules: files.rules, caches: caches)
        }
        var outside: [OutsideFile] = []
        for (path, place) in chain.outside.sorted(by: { $0.key.string < $1.key.string }) {
            outside.append(try OutsideFile(path, place: place))
        }
        let record = record(template, chain, isLocked ? lock : nil, content, extras, outside)
        if let refusal = content.assumption, record.key != caches.record?.key { throw refusal }
        caches.save()
        let inputs = ImageInputs(
            request: request, record: record, warnings: extras.warnings + content.warnings + untracked(content),
            bases: [], imagePlatform: record.platform ?? request.platform, runtime: nil, content: content,
            extras: extras)
        return OSImage(inputs: inputs, wishes: chain.wishes, template: template, outside: outside)
    }

    /// Key and record.
    private func record(
        _ template: RelativePath, _ chain: TemplateChain, _ lock: RelativePath?, _ content: ContextContent,
        _ extras: InputExtras, _ outside: [OutsideFile]
    ) -> InputsRecord {
        let platform = chain.platform ?? request.platform
        let others = Dictionary(outside.map { ($0.path.string, $0.digest) }) { first, _ in first }
        let root = CanonicalValue.list([
            .text(InputsRecord.currentAlgorithm),
            .list([.text("recipe"), .text("os")]),
            .list([.text("platform"), .text(platform.description)]),
            .list([.text("template"), .atom(template.bytes)]),
            .list([.text("files"), .digest(content.trees[NamedFiles.step]?.digest ?? .zero)]),
            .list([.text("outside"), .map(others.mapValues { .digest($0) })]),
            .list([.text("extra"), .map(extras.canonical)]),
        ])
        let encoded = root.encoded
        var record = InputsRecord()
        record.recipe = "os"
        record.key = SHA256Digest(of: encoded)
        record.md5 = DigestAlgorithm.md5.digest(of: encoded).hexadecimal()
        record.image = request.image.description
        record.platform = platform
        record.context = ShownPath.of(request.context, in: request.root)
        record.contextFiles = request.contextFiles
        record.files = content.recorded
        record.git = content.repositoryState
        record.extra = extras.json
        if lock == nil {
            record.marks = [Mark(.packagesUnlocked, "there is no \(PackageLock.path(for: template))")]
        }
        let values = chain.templates.map { text in
            JSONValue.Member(
                text.path.percentEncoded,
                .map(Dictionary(text.values.map { ($0.key, $0.value) }) { _, last in last }))
        }
        let packages = lock.flatMap { try? read($0, limit: PackageLock.limit) }.map { PackageLock.packages($0) }
        record.template = [
            "file": .string(template.percentEncoded), "lock": lock.map { .string($0.percentEncoded) } ?? .null,
            "outside": .map(others.mapValues { .string($0.hexadecimal) }), "values": .object(values),
            "packages": packages ?? .null,
        ]
        return record
    }

    /// A declared platform has to be the one that the template makes.
    private func checkPlatform(_ chain: TemplateChain) throws(InputsError) {
        guard let made = chain.platform, let declared = request.declaredPlatform,
            made.os != declared.os || made.architecture != declared.architecture
        else { return }
        let reason = "\(chain.templates[0].path) makes an image for \(made)"
        throw InputsError(
            .recipe, "cannot make an image for \(declared): \(reason)",
            fault: InputsError.Fault("platform", reason, word: "", candidates: []))
    }

    /// A file below the root as it is to count; nil where there is none.
    private func read(_ path: RelativePath, limit: Int) throws(SystemError) -> [UInt8]? {
        if let staged { return try Files.readPlain(staged.folder.appending(path), limit: limit) }
        return try Files.readLinked(root.appending(path), below: root, limit: limit)
    }

    /// The bytes of a template.
    private func bytes(of path: RelativePath, _ place: String) throws(InputsError) -> [UInt8] {
        let file = root.appending(path)
        if staged == nil, let repository {
            if let refusal = try InputsError.replacement(on: file, in: repository, root: root) { throw refusal }
            if let refusal = try InputsError.conflict(of: file, in: repository, root: root) { throw refusal }
        }
        do throws(SystemError) {
            if let bytes = try read(path, limit: InputLimit.writtenText) { return bytes }
        } catch { throw InputsError(reading: path.description, error) }
        if let repository, let refusal = try InputsError.absence(of: file, in: repository, root: root) { throw refusal }
        let isFirst = file == request.dockerfile.lexicallyNormalized()
        throw InputsError(
            .recipe, "cannot read \(path)\(isFirst ? "" : " (\(place))"): no such file",
            fault: isFirst ? InputsError.Fault("os", "there is no file \"\(path)\"", missing: file) : nil)
    }

    /// Whether there is a lock file, or Git tracks one that is absent.
    private func isThere(_ lock: RelativePath) throws(InputsError) -> Bool {
        if let staged { return Files.exists(staged.folder.appending(lock)) }
        let file = root.appending(lock)
        if Files.exists(file) { return true }
        guard let repository else { return false }
        return try InputsError.absence(of: file, in: repository, root: root) != nil
    }

    /// Says that Git does not know files that count.
    private func untracked(_ content: ContextContent) -> [String] {
        guard content.repositoryState != .null else { return [] }
        let names = content.recorded.filter(\.isUntracked).map(\.path.percentEncoded)
        guard let first = names.first else { return [] }
        let what = names.count == 1 ? "file is" : "files are"
        return [
            "\(names.count) in-scope \(what) not in Git: a fresh clone cannot reproduce this key "
                + "(\(names.count == 1 ? first : "\(first), …"))"
        ]
    }
}
