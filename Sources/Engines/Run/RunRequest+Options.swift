import Programs

extension RunRequest {
    /// The network that is asked for; nil for the engine's default.
    var chosenNetwork: String? { Engines.chosenNetwork(options, of: .run) ?? network }

    /// The name that the caller's own options give the container; nil where they give none.
    var chosenName: String? { EngineOptionWords(options).value(of: "--name") }

    /// Whether the caller's own options have the engine remove the container, before it can be asked whether it started.
    var wantsRemoval: Bool { EngineOptionWords(options).value(of: "--rm") != nil }

    /// The options of the container, but for those of the caller's own.
    ///
    /// - Parameters:
    ///   - workingDirectory: the option that names the folder in which the command starts.
    ///   - passing: the options that hand a variable of the engine's environment on.
    func containerOptions(
        workingDirectory option: String = "--workdir", passing: (String) -> [String] = { ["--env", $0] }
    ) -> [String] {
        var result: [String] = []
        for mount in mounts {
            let options = mount.options.isEmpty ? [] : [mount.options.joined(separator: ",")]
            result += ["--volume", ([mount.source.string, mount.target] + options).joined(separator: ":")]
        }
        for variable in environment { result += ["--env", "\(variable.name)=\(variable.value)"] }
        result += passedEnvironment.flatMap(passing)
        if let user { result += ["--user", user] }
        if let workingDirectory { result += [option, workingDirectory] }
        return result
    }
}
