import JSON
import OCI
import SystemCalls
import SystemPackage

/// An image while file and flags are put together.
struct ImageDraft: Sendable {
    static let keys = [
        "type", "tag", "dockerfile", "context", "target", "platform", "args", "secretArgs", "secrets", "labels",
        "inputs", "salt",
        "localArgs", "contextFiles", "includeIgnored", "keepGitDir", "steps", "cache", "buildOptions",
    ]

    let name: Sourced<String>
    var type = Sourced<String?>(nil)
    var tag = Sourced("latest")
    var dockerfile: Sourced<WrittenPath>
    var context: Sourced<WrittenPath>
    var target = Sourced<String?>(nil)
    var platform = Sourced<String?>(nil)
    var arguments: [String: Sourced<String>] = [:]
    var secretArguments = Sourced<[String]>([])
    var secrets = Sourced<[BuildSecret]>([])
    /// The arguments that take the caller's value, and where the file says so.
    var inheritedArguments: [String: Origin] = [:]
    var labels: [String: Sourced<String>] = [:]
    var inputs = Sourced<[String]>([])
    var salt = Sourced<[String: String]>([:])
    var localArguments = Sourced<[String]>([])
    var contextFiles: Sourced<ImageDeclaration.ContextFiles>
    var includeIgnored = Sourced<[String]>([])
    var keepsGitDirectory = Sourced(false)
    var steps = Sourced(ImageDeclaration.Steps.final)
    var isCached = Sourced(true)
    var buildOptions = Sourced<[String]>([])

    /// An image with the defaults, its paths relative to `base`.
    init(name: Sourced<String>, base: FilePath, isInRepository: Bool) {
        self.name = name
        dockerfile = Sourced(WrittenPath(text: "Dockerfile", base: base))
        context = Sourced(WrittenPath(text: ".", base: base))
        contextFiles = Sourced(isInRepository ? .clone : .worktree)
    }

    /// An image as the file declares it; a name without a value has all the defaults.
    init(
        name: Sourced<String>, field: Field, base: FilePath, isInRepository: Bool, environment: [String: String]
    ) throws(ConfigurationError) {
        self.init(name: name, base: base, isInRepository: isInRepository)
        if field.node.isNull { return }
        let fields = try field.fields(Self.keys)
        func optional(_ field: Field) throws(ConfigurationError) -> String? { try field.word() }
        func words(_ field: Field) throws(ConfigurationError) -> [String] { try field.words() }
        func truth(_ field: Field) throws(ConfigurationError) -> Bool { try field.truth() }
        func path(_ field: Field) throws(ConfigurationError) -> WrittenPath {
            WrittenPath(text: try field.word(), base: base)
        }
        type = try Sourced(fields["type"], default: nil, optional)
        tag = try Sourced(fields["tag"], default: tag.value) { field throws(ConfigurationError) in try field.word() }
        dockerfile = try Sourced(fields["dockerfile"], default: dockerfile.value, path)
        context = try Sourced(fields["context"], default: context.value, path)
        target = try Sourced(fields["target"], default: nil, optional)
        platform = try Sourced(fields["platform"], default: nil, optional)
        secretArguments = try Sourced(fields["secretArgs"], default: []) { field throws(ConfigurationError) in
            try Self.secretNames(field)
        }
        try checkArguments(fields["args"])
        try checkBuildOptions(fields["buildOptions"])
        if let field = fields["args"] { try readArguments(field, environment) }
        secrets = try Sourced(fields["secrets"], default: []) { field throws(ConfigurationError) in
            var secrets: [BuildSecret] = []
            for element in try field.elements() { secrets.append(try BuildSecret(element, base: base)) }
            return secrets
        }
        labels = try Self.sourcedPairs(fields["labels"])
        inputs = try Sourced(fields["inputs"], default: [], words)
        salt = try Sourced(fields["salt"], default: [:]) { field throws(ConfigurationError) in try field.pairs() }
        localArguments = try Sourced(fields["localArgs"], default: [], words)
        contextFiles = try Sourced(fields["contextFiles"], default: contextFiles.value) {
            field throws(ConfigurationError) in
            let choice: ImageDeclaration.ContextFiles = try field.choice()
            return isInRepository ? choice : .worktree
        }
        includeIgnored = try Sourced(fields["includeIgnored"], default: [], words)
        keepsGitDirectory = try Sourced(fields["keepGitDir"], default: false, truth)
        steps = try Sourced(fields["steps"], default: .final) { field throws(ConfigurationError) in try field.choice() }
        isCached = try Sourced(fields["cache"], default: true, truth)
        buildOptions = try Sourced(fields["buildOptions"], default: []) { field throws(ConfigurationError) in
            try field.texts()
        }
    }

    /// A name without a value takes the caller's, as in compose files; where that is not set, the ARG has its default.
    private mutating func readArguments(
        _ field: Field, _ environment: [String: String]
    ) throws(ConfigurationError) {
        for (name, _, value) in try field.entries() {
            if name.isEmpty || name.contains("=") { throw value.error("\(quoted(name)) cannot be a name") }
            if value.node.isNull {
                inheritedArguments[name] = value.origin
                if let own = environment[name] {
                    if let problem = Self.problem(withVariable: name, own) { throw value.error(problem) }
                    arguments[name] = Sourced(own, .variable(name))
                }
            } else {
                arguments[name] = Sourced(try value.literal(), value.origin)
            }
        }
    }

    /// What keeps the caller's variable from being an argument: its bytes could not count as they are.
    static func problem(withVariable name: String, _ value: String) -> String? {
        ProcessEnvironment.own.isAltered(name, value) ? "the value of your variable \(name) is not UTF-8" : nil
    }

    private static func sourcedPairs(_ field: Field?) throws(ConfigurationError) -> [String: Sourced<String>] {
        var result: [String: Sourced<String>] = [:]
        guard let field else { return result }
        _ = try field.pairs()
        for (key, _, value) in try field.entries() { result[key] = Sourced(try value.literal(), value.origin) }
        return result
    }

    /// Whether an IMAGE operand names this image.
    func isNamed(by operand: String) -> Bool {
        operand == name.value || operand == "\(name.value):\(tag.value)"
    }

    /// The image, every value checked.
    ///
    /// - Parameter file: The configuration file, which may name paths of its own project only.
    func declaration(in file: ConfigurationFile) throws(ConfigurationError) -> ImageDeclaration {
        let path = "images.\(name.value)"
        try file.check(dockerfile, "\(path).dockerfile", flag: "--dockerfile")
        try file.check(context, "\(path).context", flag: "--context")
        do {
            _ = try ImageName(name: name.value, tag: "latest")
        } catch {
            throw name.origin.error(path, error.reason)
        }
        let fullName: ImageName
        do {
            fullName = try ImageName(name: name.value, tag: tag.value)
        } catch {
            throw tag.origin.error("\(path).tag", error.reason)
        }
        var declaredPlatform: Platform?
        if let text = platform.value {
            do {
                declaredPlatform = try Platform(text)
            } catch {
                throw platform.origin.error("\(path).platform", error.reason)
            }
            if let complaint = declaredPlatform.flatMap(Self.complaint) {
                throw platform.origin.error("\(path).platform", complaint)
            }
        }
        let declaration = ImageDeclaration(
            name: fullName, nameOrigin: name.origin, type: type.value, dockerfile: dockerfile.value.absolute,
            context: context.value.absolute,
            target: target.value, declaredPlatform: declaredPlatform, arguments: arguments.mapValues(\.value),
            secretArguments: try givenSecrets(), secrets: secrets.value,
            labels: labels.mapValues(\.value), inputs: inputs.value, salt: salt.value,
            localArguments: localArguments.value, contextFiles: contextFiles.value,
            includeIgnored: includeIgnored.value, keepsGitDirectory: keepsGitDirectory.value, steps: steps.value,
            isCached: isCached.value, buildOptions: buildOptions.value,
            inheritedArguments: Set(inheritedArguments.keys))
        let length = declaration.stem.utf8.count
        if length > Self.stemLimit {
            let origin = tag.origin == .default ? name.origin : tag.origin
            throw origin.error(
                path.count > 80 ? "\(path.prefix(80))…" : path,
                "its files would be named by \(length) bytes of name, tag and platform, more than \(Self.stemLimit)")
        }
        return declaration
    }

    /// The longest stem of file names: 255 bytes are a file system's limit, and endings such as `.inputs.json` follow.
    private static let stemLimit = 240

    /// What is wrong with a platform whose words nobody knows; nil where nothing is.
    private static func complaint(about platform: Platform) -> String? {
        let unknown: (word: String, known: Set<String>, what: String)
        if !Platform.knownSystems.contains(platform.os) {
            unknown = (platform.os, Platform.knownSystems, "system")
        } else if !Platform.knownArchitectures.contains(platform.architecture) {
            unknown = (platform.architecture, Platform.knownArchitectures, "architecture")
        } else {
            return nil
        }
        let guess = Spelling.nearest(to: unknown.word, in: unknown.known.sorted())
        return "unknown \(unknown.what) \(quoted(unknown.word))" + (guess.map { ", did you mean \(quoted($0))?" } ?? "")
    }

    /// The values with their origins.
    func settings() -> [Setting] {
        let path = "images.\(name.value)"
        func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
        func map(_ values: [String: String]) -> JSONValue { .map(values.mapValues { .string($0) }) }
        var result = [
            Setting("\(path).type", text(type.value), type.origin),
            Setting("\(path).tag", .string(tag.value), tag.origin),
            Setting("\(path).dockerfile", .string(dockerfile.value.text), dockerfile.origin),
            Setting("\(path).context", .string(context.value.text), context.origin),
            Setting("\(path).target", text(target.value), target.origin),
            Setting("\(path).platform", text(platform.value), platform.origin),
        ]
        result += Self.settings("\(path).args", arguments, unset: inheritedArguments, isSecret: isSecret)
        result += Self.settings("\(path).labels", labels, isSecret: SecretName.matches)
        result += [
            Setting("\(path).secretArgs", .strings(secretArguments.value), secretArguments.origin),
            Setting("\(path).secrets", .strings(secrets.value.map(\.written)), secrets.origin),
            Setting("\(path).inputs", .strings(inputs.value), inputs.origin),
            Setting("\(path).salt", map(salt.value), salt.origin),
            Setting("\(path).localArgs", .strings(localArguments.value), localArguments.origin),
            Setting("\(path).contextFiles", .string(contextFiles.value.rawValue), contextFiles.origin),
            Setting("\(path).includeIgnored", .strings(includeIgnored.value), includeIgnored.origin),
            Setting("\(path).keepGitDir", .bool(keepsGitDirectory.value), keepsGitDirectory.origin),
            Setting("\(path).steps", .string(steps.value.rawValue), steps.origin),
            Setting("\(path).cache", .bool(isCached.value), isCached.origin),
            Setting("\(path).buildOptions", .strings(buildOptions.value.map(SecretName.masked)), buildOptions.origin),
        ]
        return result
    }

    private static func settings(
        _ path: String, _ pairs: [String: Sourced<String>], unset: [String: Origin] = [:], isSecret: (String) -> Bool
    ) -> [Setting] {
        if pairs.isEmpty, unset.isEmpty { return [Setting(path, .object([]), .default)] }
        let names = Set(pairs.keys).union(unset.keys).sorted()
        return names.map { name in
            guard let pair = pairs[name] else { return Setting("\(path).\(name)", .null, unset[name] ?? .default) }
            return Setting(
                "\(path).\(name)", .string(isSecret(name) ? SecretName.mask : pair.value), pair.origin)
        }
    }
}
