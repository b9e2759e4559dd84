import Context
import Dockerfile
import JSON

extension PlannedConfig {
    /// The configuration in the key: only what the Dockerfile and the labels set (rule 10).
    var canonical: CanonicalValue {
        var members: [String: CanonicalValue] = [:]
        if !environment.isEmpty { members["Env"] = environment.canonical }
        if !labels.isEmpty { members["Labels"] = labels.canonical }
        members["Cmd"] = command.canonical
        members["Entrypoint"] = entrypoint.canonical
        members["User"] = user?.canonical
        members["WorkingDir"] = workingDirectory?.canonical
        if !exposedPorts.isEmpty { members["ExposedPorts"] = Self.set(exposedPorts) }
        if !volumes.isEmpty { members["Volumes"] = Self.set(volumes) }
        members["StopSignal"] = stopSignal?.canonical
        members["Shell"] = shell.map { .list($0.map { .text($0) }) }
        if !onBuild.isEmpty { members["OnBuild"] = .list(onBuild.map { .text($0) }) }
        members["Healthcheck"] = healthcheck.map { CanonicalValue($0.json) }
        members["Author"] = author.map { .text($0) }
        return .map(members)
    }

    private static func set(_ values: Set<Value>) -> CanonicalValue {
        let encoded = values.map { ($0.canonical.encoded, $0.canonical) }
        return .list(encoded.sorted { $0.0.lexicographicallyPrecedes($1.0) }.map(\.1))
    }
}

extension PlannedConfig.Command {
    fileprivate var canonical: CanonicalValue? {
        switch self {
        case .inherited: nil
        case .reset: CanonicalValue.none
        case .arguments(let words): .list(words.map { .text($0) })
        case .assumedShell(let words): .list([.text("assumed-shell"), .list(words.map { .text($0) })])
        }
    }
}

extension PlannedConfig.Healthcheck {
    /// The health check with the field names of the image config.
    var json: JSONValue {
        var members = [JSONValue.Member("Test", .strings(test))]
        func add(_ name: String, _ value: Int64?) {
            if let value { members.append(JSONValue.Member(name, .integer(value))) }
        }
        add("Interval", interval)
        add("Timeout", timeout)
        add("StartPeriod", startPeriod)
        add("StartInterval", startInterval)
        add("Retries", retries)
        return .object(members)
    }
}
