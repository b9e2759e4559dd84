import SystemCalls

extension Evaluation {
    /// RUN.
    mutating func evaluate(_ run: Command.RunCommand, _ step: Step) throws(DockerfileError) {
        var operation = operation(step, .run)
        for fields in run.mounts { operation.mounts.append(try mount(fields, step)) }
        let (arguments, file) = run.script()
        if let file {
            let options = ["type": "bind", "target": "/dev/pipes/", "file": file.name, "data": file.content]
            operation.mounts.append(
                RunMount(options: options.mapValues { .known(Expanded($0)) }, origin: nil, source: nil))
        }
        operation.argv = run.line.usesShell ? shellForm(arguments) : arguments
        operation.assumesShell = run.line.usesShell && state.assumesShell
        operation.network = run.network
        operation.security = run.security
        operation.devices = run.devices
        operation.workingDirectory = state.workingDirectory
        operation.user = state.user
        budget -= 32 * state.variables.count
        if budget < 0 { throw DockerfileError("the file expands to more than 16 MiB") }
        for (name, variable) in state.variables where !variable.isFromBase {
            operation.environment[name] = variable.value
        }
        operation.furtherValues = state.shadowed
        seeArguments()
        append(operation)
    }
}
