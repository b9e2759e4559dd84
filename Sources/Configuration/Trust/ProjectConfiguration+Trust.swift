import JSON
import OCI
import SystemPackage

extension ProjectConfiguration {
    /// How what needs trust is dealt with.
    public enum Trust: Sendable {
        /// It is looked up, and asked at a terminal.
        case asked
        /// It is given and remembered (`--trust`).
        case given
        /// It is given for this run only (`CACHE_IMAGE_TRUST=1`).
        case givenForThisRun
    }

    /// All questions that commands would ask about this configuration, in declared order.
    public var questions: [TrustQuestion] {
        images.flatMap { [nameQuestion(about: $0), buildQuestion(about: $0)].compactMap { $0 } }
            + levels.filter { $0.mistake == nil }.compactMap(question)
    }

    /// Whether an image may take its name in the engine; nil where that is not a registry's.
    public func nameQuestion(about image: ImageDeclaration) -> TrustQuestion? {
        let registry = image.name.registry
        return registry.flatMap { nameQuestion(about: image, "is put under a name of the registry \($0)") }
    }

    /// Whether an image may take a name that the engine has for an image of a registry.
    public func nameQuestion(about image: ImageDeclaration, pulledAs name: String) -> TrustQuestion? {
        nameQuestion(about: image, "takes the name of an image that was pulled: \(name)")
    }

    /// What the caller wrote is meant.
    private func nameQuestion(about image: ImageDeclaration, _ reason: String) -> TrustQuestion? {
        guard case .file = image.nameOrigin else { return nil }
        return TrustQuestion(
            "images.\(image.name.name)", reasons: ["\(image.nameOrigin): images.\(image.name.name) \(reason)"],
            values: ["name: \(image.name)"])
    }

    /// Whether an image's build may do what its keys ask for; nil where that needs no trust.
    public func buildQuestion(about image: ImageDeclaration) -> TrustQuestion? {
        let path = "images.\(image.name.name)"
        let found = findings(TrustRule.ofBuild, image, path)
        if found.isEmpty { return nil }
        let written = writtenValues(path, found.map(\.key))
        return TrustQuestion(
            "\(path), build", reasons: found.map(\.reason), values: written, hidden: image.buildOptions)
    }

    /// Whether a level may do what its keys ask for; nil where that needs no trust.
    ///
    /// All of the level is trusted, or nothing: a mount is as good as the command that uses it.
    public func question(about level: TestLevel) -> TrustQuestion? {
        let path = "tests.levels.\(level.name)"
        let found = findings(TrustRule.ofLevel, level, path)
        if found.isEmpty { return nil }
        let variables = level.environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return TrustQuestion(
            path, reasons: found.map(\.reason), values: writtenValues(path, LevelDraft.keys.names),
            hidden: variables + level.options)
    }

    private var bounds: TrustBounds { TrustBounds(root: root, boundary: repository ?? root) }

    private func findings<Subject>(
        _ rules: [TrustRule<Subject>], _ subject: Subject, _ path: String
    ) -> [(key: String, reason: String)] {
        rules.compactMap { rule in
            rule.finding(subject, bounds).map { finding in
                let origin = settings(path, rule.key).first { $0.origin != .default }?.origin
                return (rule.key, (origin.map { "\($0): " } ?? "") + "\(path) \(finding)")
            }
        }
    }

    /// The values of some keys that somebody wrote, as they are shown.
    private func writtenValues(_ path: String, _ keys: [String]) -> [String] {
        keys.flatMap { settings(path, $0) }.filter { $0.origin != .default }.map { setting in
            let name = setting.path.dropFirst(path.count + 1)
            // What the caller's own variables hold is no word of the file.
            if case .variable = setting.origin { return "\(name): null" }
            return "\(name): \(setting.value.spacedText)"
        }
    }

    /// The values of a key, which may be a map with one setting for each of its names.
    private func settings(_ path: String, _ key: String) -> [Setting] {
        settings.filter { $0.path == "\(path).\(key)" || $0.path.hasPrefix("\(path).\(key).") }
    }
}
