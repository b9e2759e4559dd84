extension RunRequest {
    /// The network that is asked for; nil for the engine's default.
    var chosenNetwork: String? { Engines.chosenNetwork(options) ?? network }

    /// The name that the caller's own options give the container; nil where they give none.
    var chosenName: String? {
        var name: String?
        for (index, option) in options.enumerated() {
            if option == "--name" { name = options.dropFirst(index + 1).first }
            if option.hasPrefix("--name=") { name = String(option.dropFirst("--name=".count)) }
        }
        return name
    }

    /// Whether the caller's own options have the engine remove the container, before it can be asked whether it started.
    var wantsRemoval: Bool { options.contains { $0 == "--rm" || $0.hasPrefix("--rm=") } }

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
