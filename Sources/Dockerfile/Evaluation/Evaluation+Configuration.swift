import Patterns

extension Evaluation {
    /// The instructions that change nothing but the image's configuration.
    mutating func configure(_ step: Step) throws(DockerfileError) {
        switch step.command {
        case .environment(let pairs): try setEnvironment(pairs, step)
        case .label(let pairs): try setLabels(pairs, step)
        case .maintainer(let author): state.configuration.author = author
        case .user(let text):
            let user = try expand(text, step)
            state.user = user
            state.configuration.user = user
        case .stopSignal(let text):
            let signal = try expand(text, step)
            if let name = signal.string, !Signals.isValid(name) {
                throw DockerfileError("invalid signal: \(name)")
            }
            state.configuration.stopSignal = signal
        case .command(let line):
            state.configuration.command = withShell(line)
            state.hasCommand = true
        case .entrypoint(let line):
            state.configuration.entrypoint = withShell(line)
            if !state.hasCommand { state.configuration.command = .reset }
        case .healthcheck(let check): state.configuration.healthcheck = check
        case .expose(let ports):
            for port in ports {
                for value in try expandWords(port, step) {
                    guard let text = value.string else {
                        state.configuration.exposedPorts.insert(value)
                        continue
                    }
                    for single in try Ports.ports(text) {
                        state.configuration.exposedPorts.insert(.known(value.text.derived(single)))
                    }
                }
            }
        case .volume(let paths):
            for path in paths {
                let volume = try expand(path, step)
                if volume.string == "" { throw DockerfileError("VOLUME specified can not be an empty string") }
                state.configuration.volumes.insert(volume)
            }
        case .shell(let shell):
            state.shell = shell
            state.assumesShell = false
            state.configuration.shell = shell
        case .onBuild(let text): state.configuration.onBuild.append(text)
        case .from, .argument, .copy, .run, .workingDirectory: break
        }
    }

    private mutating func setEnvironment(_ pairs: [Command.Pair], _ step: Step) throws(DockerfileError) {
        // All words of the line see the environment before it.
        var assignments: [(Value, Value)] = []
        for pair in pairs { assignments.append((try expand(pair.name, step), try expand(pair.value, step))) }
        for (name, value) in assignments {
            let written = try publicName(name, "ENV")
            let value = value.named(written)
            if case .symbolic(let symbol) = name {
                state.isTainted = true
                mark(.inexact, "line \(step.startLine): the name \(symbol.text) is not known without the base image")
                state.configuration.environment[symbol.text.text] = .symbolic(
                    Value.Symbol(symbol.text, values: symbol.values.merging(["=": value]) { first, _ in first }))
                continue
            }
            state.variables[written] = StageState.Variable(value: value)
            state.environment[written] = StageState.Variable(value: value)
            state.shadowed[written] = nil
            state.configuration.environment[written] = value
            // What the ARG of this name said can be seen no more.
            state.unseen[written] = nil
            state.declared.remove(written)
        }
    }

    private mutating func setLabels(_ pairs: [Command.Pair], _ step: Step) throws(DockerfileError) {
        for pair in pairs {
            let name = try expand(pair.name, step)
            let written = try publicName(name, "LABEL")
            let value = try expand(pair.value, step).named(written)
            if case .symbolic(let symbol) = name {
                state.configuration.labels[symbol.text.text] = .symbolic(
                    Value.Symbol(symbol.text, values: symbol.values.merging(["=": value]) { first, _ in first }))
            } else {
                state.configuration.labels[written] = value
            }
        }
    }

    /// The name of a variable or label, which stands in records; one that holds a secret is refused.
    private func publicName(_ name: Value, _ instruction: String) throws(DockerfileError) -> String {
        if name.text.holdsGivenSecret {
            throw DockerfileError("\(instruction) cannot take the secret argument \(name.text.secretNames) in a name")
        }
        return name.text.text
    }

    /// The arguments of CMD or ENTRYPOINT, with the shell in front of a shell form.
    private func withShell(_ line: Command.CommandLine) -> PlannedConfig.Command {
        guard line.usesShell else { return .arguments(line.arguments) }
        let arguments = shellForm(line.arguments)
        return state.assumesShell ? .assumedShell(arguments) : .arguments(arguments)
    }

    /// The shell in force, and the text for it.
    func shellForm(_ arguments: [String]) -> [String] {
        (state.shell.isEmpty ? ["/bin/sh", "-c"] : state.shell) + [arguments.joined(separator: " ")]
    }

    /// WORKDIR: changes the folder, and makes it.
    mutating func changeDirectory(_ path: String, _ step: Step) throws(DockerfileError) {
        let word = try expand(path, step)
        let folder = StagePath.resolve(state.workingDirectory, word, StagePath.joined)
        state.workingDirectory = folder
        state.configuration.workingDirectory = folder
        if folder.string == "/" { return }
        var operation = operation(step, .makeDirectory)
        if case .known(let path) = folder {
            operation.destination = .known(path.map(PathCleaning.clean))
        } else {
            operation.destination = folder
        }
        operation.user = state.user
        append(operation)
    }
}
