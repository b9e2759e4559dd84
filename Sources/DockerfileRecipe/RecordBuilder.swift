import Context
import Dockerfile
import Hashing
import JSON
import Records

/// Brings a plan into the form of the document.
struct RecordBuilder {
    let plan: BuildPlan
    let chain: KeyChain
    let trees: [StepReference: StepTree]
    let secrets: SecretText
    let seal: SecretSeal

    /// The member `ops`: all operations of the reachable stages, in order.
    var operations: [JSONValue] {
        plan.stages.indices.flatMap { stage in
            plan.stages[stage].operations.indices.map { index in
                operation(StepReference(stage: stage, operation: index))
            }
        }
    }

    private func operation(_ step: StepReference) -> JSONValue {
        let operation = plan.stages[step.stage].operations[step.operation]
        var members: [JSONValue.Member] = []
        func add(_ name: String, _ value: JSONValue) { members.append(.init(name, value)) }
        add("stage", .string(operation.stage))
        add("line", .integer(Int64(operation.line)))
        add("end", .integer(Int64(operation.endLine)))
        add("text", .string(secrets.blanked(operation.text)))
        add("kind", .string(operation.kind.rawValue))
        switch operation.kind {
        case .run:
            add("argv", .array(operation.argv.map { secrets.json($0) }))
            add("env", map(operation.environment))
            add("cwd", json(operation.workingDirectory))
            add("user", json(operation.user))
            add("mounts", .array(operation.mounts.map(mount)))
            add("network", .string(operation.network))
            add("security", .string(operation.security))
            if !operation.devices.isEmpty {
                add("devices", .array(operation.devices.map { .map($0.mapValues { .string($0) }) }))
            }
        case .copy, .add:
            add("from", origin(operation.origin))
            add("sources", .array(operation.sources.map(source)))
            add("dest", json(operation.destination))
            var flags = operation.flags
            flags["from"] = nil
            add("flags", .map(flags.mapValues(flag)))
        case .makeDirectory:
            add("dest", json(operation.destination))
            add("user", json(operation.user))
        }
        if !operation.furtherValues.isEmpty { add("further", map(operation.furtherValues)) }
        add("state", (chain.states[step]?.hexadecimal).map { .string($0) } ?? .null)
        if let tree = trees[step] {
            add("tree", .string(tree.digest.hexadecimal))
            add("files", .integer(Int64(tree.count)))
        }
        return .object(members)
    }

    private func flag(_ values: [Expanded]) -> JSONValue {
        if values == ["true"] { return true }
        return values.count == 1 ? seal.json(values[0]) : .array(values.map { seal.json($0) })
    }

    private func json(_ value: Value) -> JSONValue {
        switch value {
        case .known(let text): seal.json(text)
        case .symbolic(let symbol):
            ["text": seal.json(symbol.text), "values": map(symbol.values)]
        }
    }

    private func map(_ values: [String: Value]) -> JSONValue {
        .map(Dictionary(uniqueKeysWithValues: values.map { ($0.key, json($0.value)) }))
    }

    private func source(_ source: Operation.Source) -> JSONValue {
        switch source {
        case .path(let path): .string(path.bytes.isEmpty ? "." : path.percentEncoded)
        case .secretPath(_, let text): seal.json(text)
        case .symbolic(let symbol): json(.symbolic(symbol))
        case .inline(let name, let data): ["name": .string(name), "data": seal.json(data)]
        case .remote(let value): json(value)
        }
    }

    private func origin(_ origin: Operation.Origin) -> JSONValue {
        switch origin {
        case .context: .null
        case .stage(let index): plan.stages.indices.contains(index) ? .string(plan.stages[index].name) : .null
        case .image(let reference): .string(reference.name)
        case .scratch: "scratch"
        }
    }

    private func mount(_ mount: RunMount) -> JSONValue {
        var options = mount.options
        options["from"] = nil
        guard case .object(var members) = map(options) else { return .null }
        if let place = mount.origin, place != .context { members.append(.init("from", origin(place))) }
        if let source = mount.source, options["source"] == nil {
            members.append(.init("source", .string(source.bytes.isEmpty ? "." : source.percentEncoded)))
        }
        return .object(members.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) })
    }
}

extension RecordBuilder {
    /// The member `config`.
    var config: JSONValue {
        let source = plan.configuration
        var members: [JSONValue.Member] = []
        func add(_ name: String, _ value: JSONValue?) {
            if let value { members.append(.init(name, value)) }
        }
        func set(_ values: Set<Value>) -> JSONValue {
            .map(Dictionary(values.map { ($0.shown, json($0).isPlain ? .object([]) : json($0)) }) { first, _ in first })
        }
        add("Env", source.environment.isEmpty ? Optional.none : map(source.environment))
        add("Labels", source.labels.isEmpty ? Optional.none : map(source.labels))
        add("Cmd", command(source.command))
        add("Entrypoint", command(source.entrypoint))
        add("User", source.user.map { json($0) })
        add("WorkingDir", source.workingDirectory.map { json($0) })
        add("ExposedPorts", source.exposedPorts.isEmpty ? Optional.none : set(source.exposedPorts))
        add("Volumes", source.volumes.isEmpty ? Optional.none : set(source.volumes))
        add("StopSignal", source.stopSignal.map { json($0) })
        add("Shell", source.shell.map { .strings($0) })
        add("OnBuild", source.onBuild.isEmpty ? Optional.none : .array(source.onBuild.map { secrets.json($0) }))
        add("Healthcheck", source.healthcheck?.json)
        add("Author", source.author.map { secrets.json($0) })
        return .object(members)
    }

    private func command(_ command: PlannedConfig.Command) -> JSONValue? {
        switch command {
        case .inherited: nil
        case .reset: .null
        case .arguments(let words): .array(words.map { secrets.json($0) })
        case .assumedShell(let words): .array(words.map { secrets.json($0) })
        }
    }

    /// The member `args`, without those that do not count.
    func arguments(without local: Set<String>) -> [InputsRecord.Argument] {
        plan.arguments.filter { !local.contains($0.name) }.map { argument in
            var members: [JSONValue.Member] = []
            if let value = argument.value {
                members += seal.members(of: value) ?? [.init("value", .string(value.text))]
            } else if argument.values.isEmpty {
                members.append(.init("value", .null))
            } else {
                let values = argument.values.mapValues { $0.map { seal.json($0) } ?? .null }
                members.append(.init("values", .map(values)))
            }
            members.append(.init("lines", .array(argument.lines.map { .integer(Int64($0)) })))
            return InputsRecord.Argument(name: argument.name, json: .object(members))
        }
    }
}

extension JSONValue {
    /// Whether this is a plain string.
    fileprivate var isPlain: Bool { string != nil }
}
