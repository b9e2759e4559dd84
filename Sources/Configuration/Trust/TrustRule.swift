import SystemCalls

/// One key whose value may need trust.
struct TrustRule<Subject>: Sendable {
    /// The key, as below the image or level.
    let key: String
    /// What the value would do; nil where it needs no trust.
    let finding: @Sendable (Subject, TrustBounds) -> String?

    init(_ key: String, _ finding: @escaping @Sendable (Subject, TrustBounds) -> String?) {
        self.key = key
        self.finding = finding
    }
}

extension TrustRule<ImageDeclaration> {
    /// What an image's build may ask for; a new key is one more line.
    static let ofBuild: [TrustRule] = [
        TrustRule("buildOptions") { image, bounds in
            HarmlessOptions.ofBuild.complaint(about: image.buildOptions, bounds).map {
                "builds with \(SecretName.masked(word: $0))"
            }
        },
        TrustRule("secrets") { image, _ in
            let names = image.secrets.map { secret in
                switch secret.source {
                case .variable(let name): "your variable \(name)"
                case .file(let path): "the file \(path)"
                }
            }
            return names.isEmpty ? nil : "hands \(names.joined(separator: ", ")) to the build"
        },
        TrustRule("args") { image, _ in
            let names = image.inheritedArguments.filter(image.hidesArgument)
            return names.isEmpty ? nil : "hands your variable \(names.sorted().joined(separator: ", ")) to the build"
        },
    ]
}

extension TrustRule<TestLevel> {
    /// What a test level may ask for; a new key is one more line.
    static let ofLevel: [TrustRule] = [
        TrustRule("on") { level, _ in
            level.place == .host ? "runs a command on this machine, outside of any container" : nil
        },
        TrustRule("mounts") { level, bounds in
            if level.place == .host { return nil }
            return level.mounts.lazy.compactMap { bounds.complaint(about: $0) }.first.map {
                "gives the container \($0)"
            }
        },
        TrustRule("passEnv") { level, _ in
            if level.place == .host { return nil }
            let secrets = level.passedEnvironment.filter(SecretName.matches)
            return secrets.isEmpty
                ? nil : "hands your variable \(secrets.joined(separator: ", ")) to the container"
        },
        TrustRule("network") { level, _ in
            guard level.place == .container, let network = level.network, TrustBounds.isShared(network) else {
                return nil
            }
            return "runs in the network \(network)"
        },
        TrustRule("options") { level, bounds in
            if level.place == .host { return nil }
            return HarmlessOptions.ofRun.complaint(about: level.options, bounds).map {
                "runs a container with \(SecretName.masked(word: $0))"
            }
        },
    ]
}
