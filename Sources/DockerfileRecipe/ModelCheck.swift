import Dockerfile
import JSON
import OCI
import Records

extension DockerfileImage {
    /// Compares the runtime configuration of a built image with the one that the Dockerfile means (rule 44).
    ///
    /// Each difference is one line, such as `Labels.version: expected 2, found 1`; none means that the engine kept its
    /// word. Only what the Dockerfile and the labels set is compared, since the rest is the base image's.
    public func differences(from built: RuntimeConfig) -> [String] {
        guard let expected = plannedConfiguration else { return [] }
        var check = ModelCheck()
        check.map("Env", expected.environment, built.environment)
        check.map("Labels", expected.labels, built.labels)
        check.command("Cmd", expected.command, built.cmd)
        check.command("Entrypoint", expected.entrypoint, built.entrypoint)
        check.text("User", expected.user, built.user)
        check.text("WorkingDir", expected.workingDirectory, built.workingDirectory)
        check.set("ExposedPorts", expected.exposedPorts, Ports.normalised(built.exposedPorts))
        check.set("Volumes", expected.volumes, Set(built.volumes))
        check.text("StopSignal", expected.stopSignal, built.stopSignal)
        check.list("Shell", expected.shell, built.shell)
        if !expected.onBuild.isEmpty { check.list("OnBuild", expected.onBuild, built.onBuild) }
        check.text("Author", expected.author.map { .known(Expanded($0)) }, built.author)
        if let healthcheck = expected.healthcheck {
            let test = built.healthcheck?["Test"]?.array?.compactMap(\.string)
            check.list("Healthcheck", healthcheck.test, test)
        }
        return check.differences
    }

    /// The configuration with the arguments that the build gets, those that do not count included.
    private var plannedConfiguration: PlannedConfig? {
        guard let plan else { return nil }
        if request.localArguments.isEmpty { return plan.configuration }
        let whole = try? BuildPlan(DockerfileSyntax(dockerfileBytes), request: request.buildRequest) { bases.image($0) }
        return whole?.configuration
    }
}

/// Collects differences between an expected and a found configuration.
private struct ModelCheck {
    private(set) var differences: [String] = []

    private mutating func differ(_ field: String, _ expected: String, _ found: String?) {
        differences.append("\(field): expected \(expected), found \(found ?? "nothing")")
    }

    /// The difference from a value; neither is shown of a secret one.
    private mutating func differ(_ field: String, _ expected: Expanded, _ found: String?) {
        if expected.secrets.isEmpty {
            differ(field, expected.text, found)
        } else {
            differ(field, "another value", found.map { _ in "a value" })
        }
    }

    mutating func text(_ field: String, _ expected: Value?, _ found: String) {
        // What depends on an unlocked base image cannot be judged.
        if case .known(let expected) = expected, expected.text != found { differ(field, expected, found) }
    }

    mutating func map(_ field: String, _ expected: [String: Value], _ found: [String: String]) {
        for (name, value) in expected.sorted(by: { $0.key < $1.key }) {
            guard case .known(let value) = value, found[name] != value.text else { continue }
            differ("\(field).\(name)", value, found[name])
        }
    }

    mutating func set(_ field: String, _ expected: Set<Value>, _ found: Set<String>) {
        for value in expected.filter({ $0.string != nil }).map(\.text).sorted(by: { $0.text < $1.text })
        where !found.contains(value.text) {
            differ(field, value, nil)
        }
    }

    mutating func list(_ field: String, _ expected: [String]?, _ found: [String]?) {
        guard let expected, expected != found else { return }
        differ(field, JSONValue.strings(expected).text, found.map { JSONValue.strings($0).text })
    }

    mutating func command(_ field: String, _ expected: PlannedConfig.Command, _ found: [String]?) {
        switch expected {
        case .inherited, .assumedShell: break
        case .reset: if let found, !found.isEmpty { differ(field, "nothing", JSONValue.strings(found).text) }
        case .arguments(let words): if words != found ?? [] { list(field, words, found) }
        }
    }
}
