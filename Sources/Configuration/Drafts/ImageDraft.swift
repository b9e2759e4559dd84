import JSON
import OCI
import Programs
import SystemCalls
import SystemPackage

/// An image while file and flags are put together.
struct ImageDraft: KeyedDraft {
    let name: Sourced<String>
    let place: DraftPlace
    var origins: [String: Origin] = [:]
    var tag = "latest"
    var dockerfile: WrittenPath
    var context: WrittenPath
    var os: WrittenPath?
    var buildpacks = JSONValue.null
    var platform: String?
    var arguments: [String: Sourced<String>] = [:]
    var secretArguments: [String] = []
    /// The arguments that take the caller's value, and where the file says so.
    var inheritedArguments: [String: Origin] = [:]
    var labels: [String: Sourced<String>] = [:]
    var values = ImageValues()

    /// An image with the defaults.
    init(name: Sourced<String>, in place: DraftPlace) {
        self.name = name
        self.place = place
        dockerfile = WrittenPath(text: "Dockerfile", base: place.base)
        context = WrittenPath(text: ".", base: place.base)
        if !place.isInRepository { values.contextFiles = .worktree }
    }

    /// An image as the file declares it; a name without a value has all the defaults.
    init(name: Sourced<String>, field: Field, in place: DraftPlace) throws(ConfigurationError) {
        self.init(name: name, in: place)
        if field.node.isNull { return }
        let fields = try Self.keys.fields(of: field)
        try RecipeKey.check(fields, Self.keys.keys)
        try Self.keys.read(fields, into: &self)
        try checkArguments(fields["args"])
        try checkBuildOptions(fields["buildOptions"])
    }

    /// A name without a value takes the caller's, as in compose files; where that is not set, the ARG has its default.
    mutating func readArguments(_ field: Field) throws(ConfigurationError) {
        for (name, _, value) in try field.entries() {
            if !Self.isArgumentName(name) { throw value.error("\(Printable.quoted(name)) cannot be a name") }
            if value.node.isNull {
                inheritedArguments[name] = value.origin
                if let own = place.environment[name] {
                    if let problem = Self.problem(withVariable: name, own) { throw value.error(problem) }
                    arguments[name] = Sourced(own, .variable(name))
                }
            } else {
                arguments[name] = Sourced(try value.literal(), value.origin)
            }
        }
    }

    /// Whether an ARG can declare a name.
    static func isArgumentName(_ name: String) -> Bool {
        !name.isEmpty && !name.contains { $0 == "=" || $0.isWhitespace }
    }

    /// How the image is made.
    private var recipe: RecipeDeclaration {
        switch recipeKey {
        case .dockerfile: .dockerfile(dockerfile.absolute)
        case .os: .os(os?.absolute ?? place.base)
        case .buildpacks: .later(key: recipeKey.rawValue, origin(recipeKey.rawValue))
        }
    }

    /// What keeps the caller's variable from being an argument: its bytes could not count as they are.
    static func problem(withVariable name: String, _ value: String) -> String? {
        value.hasKeptBytes ? "the value of your variable \(name) is not UTF-8" : nil
    }

    /// Names and texts, each text with its own place.
    static func sourcedPairs(_ field: Field) throws(ConfigurationError) -> [String: Sourced<String>] {
        var result: [String: Sourced<String>] = [:]
        _ = try field.pairs()
        for (key, _, value) in try field.entries() { result[key] = Sourced(try value.literal(), value.origin) }
        return result
    }

    /// Whether an IMAGE operand names this image.
    func isNamed(by operand: String) -> Bool {
        operand == name.value || operand == "\(name.value):\(tag)"
    }

    /// The image, every value checked.
    ///
    /// - Parameter file: The configuration file, which may name paths of its own project only.
    func declaration(in file: ConfigurationFile) throws(ConfigurationError) -> ImageDeclaration {
        let path = "images.\(name.value)"
        try file.check(Sourced(dockerfile, origin("dockerfile")), "\(path).dockerfile", flag: "--dockerfile")
        try file.check(Sourced(context, origin("context")), "\(path).context", flag: "--context")
        if let os { try file.check(Sourced(os, origin("os")), "\(path).os", flag: nil) }
        try checkFlags()
        do {
            _ = try ImageName(name: name.value, tag: "latest")
        } catch {
            throw name.origin.error(path, error.reason)
        }
        let fullName: ImageName
        do {
            fullName = try ImageName(name: name.value, tag: tag)
        } catch {
            throw origin("tag").error("\(path).tag", error.reason)
        }
        var declaredPlatform: Platform?
        if let text = platform {
            do {
                declaredPlatform = try Platform(text)
            } catch {
                throw origin("platform").error("\(path).platform", error.reason)
            }
            if let complaint = declaredPlatform.flatMap(Self.complaint) {
                throw origin("platform").error("\(path).platform", complaint)
            }
        }
        var values = values
        // What is made of packages has no stages that a rebuild could reuse.
        if recipeKey == .os { values.steps = .none }
        let declaration = ImageDeclaration(
            name: fullName, nameOrigin: name.origin, recipe: recipe,
            context: context.absolute,
            declaredPlatform: declaredPlatform, arguments: arguments.mapValues(\.value),
            secretArguments: try givenSecrets(), secretLabels: givenSecretLabels,
            inheritedArguments: Set(inheritedArguments.keys),
            labels: labels.mapValues(\.value), values: values, origins: origins)
        if EngineOptionWords(values.buildOptions, of: .build).firstTooMany != nil {
            throw (origins["buildOptions"] ?? name.origin).error("\(path).buildOptions", EngineOptionWords.tooMany)
        }
        let length = declaration.stem.utf8.count
        if length > Self.stemLimit {
            let origin = origins["tag"] ?? name.origin
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
        return "unknown \(unknown.what) \(Printable.quoted(unknown.word))"
            + (guess.map { ", did you mean \(Printable.quoted($0))?" } ?? "")
    }

    /// The values with their origins.
    func settings() -> [Setting] { Self.keys.settings(of: self, below: "images.\(name.value).") }

    /// Names and texts with their origins.
    static func settings(
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
