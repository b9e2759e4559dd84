import SystemCalls
import SystemPackage

extension ImageDraft {
    /// Puts what flags and variables say in place of what the file says.
    mutating func apply(_ overrides: Overrides, _ flags: FlagValues, folder: FilePath, environment: [String: String])
        throws(ConfigurationError)
    {
        func replace(_ target: inout Sourced<String>, _ flag: String, _ given: String?) {
            if let (value, origin) = flags.value(flag, given) { target = Sourced(value, origin) }
        }
        func replace(_ target: inout Sourced<String?>, _ flag: String, _ given: String?) {
            if let (value, origin) = flags.value(flag, given) { target = Sourced(value, origin) }
        }
        func replace(_ target: inout Sourced<WrittenPath>, _ flag: String, _ given: String?) {
            if let (value, origin) = flags.value(flag, given) {
                target = Sourced(WrittenPath(text: value, base: folder), origin)
            }
        }
        replace(&tag, "--tag", overrides.tag)
        replace(&dockerfile, "--dockerfile", overrides.dockerfile)
        replace(&context, "--context", overrides.context)
        replace(&target, "--target", overrides.target)
        replace(&platform, "--platform", overrides.platform)
        for argument in overrides.buildArguments {
            let (name, value) = try Self.pair(argument, "--build-arg")
            // As with the engines, a name alone takes the caller's value, and says nothing where there is none.
            if value == nil, let own = environment[name], let problem = Self.problem(withVariable: name, own) {
                throw ConfigurationError("cannot use --build-arg \(quoted(name)): \(problem)")
            }
            guard let value = value ?? environment[name] else { continue }
            inheritedArguments[name] = nil
            arguments[name] = Sourced(value, .flag("--build-arg"))
        }
        for label in overrides.labels {
            let (name, value) = try Self.pair(label, "--label")
            labels[name] = Sourced(value ?? "", .flag("--label"))
        }
    }

    /// Looks for the Dockerfile where nobody names one: as the engines do, also in small letters and as a Containerfile, and in
    /// the context's folder; what is called `Dockerfile` goes first.
    ///
    /// One that Git tracks and the checkout leaves out is found too: the recipe refuses it, and no other takes its place.
    mutating func findDockerfile(isLeftOut: (FilePath) -> Bool) {
        guard dockerfile.origin == .default, !Files.exists(dockerfile.value.absolute) else { return }
        var folders = [dockerfile.value.absolute.removingLastComponent()]
        if context.value.absolute != folders[0] { folders.append(context.value.absolute) }
        for folder in folders {
            for name in ["Dockerfile", "dockerfile", "Containerfile"] {
                let path = folder.appending(name)
                guard Files.exists(path) || isLeftOut(path) else { continue }
                dockerfile.value.text = ConfigurationFile.relative(path, to: dockerfile.value.base)
                return
            }
        }
    }

    private static func pair(_ text: String, _ flag: String) throws(ConfigurationError) -> (String, String?) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let name = parts.first, !name.isEmpty else {
            throw ConfigurationError("cannot use \(flag) \(quoted(text)): expected NAME=VALUE")
        }
        return (name, parts.count > 1 ? parts[1] : nil)
    }
}
