import JSON
import SystemCalls

extension LevelDraft {
    /// The words in front of the command; nil for the image's ENTRYPOINT.
    ///
    /// A command takes its place, unless the level says otherwise.
    private var entrypointWords: [String]? {
        switch entrypoint.value {
        case .image: nil
        case .words(let words): words
        case nil: command.value.isEmpty ? nil : []
        }
    }

    /// Keys that are said and have no effect, since there is no container.
    private var idleKeys: [String] {
        if place.value == .container { return [] }
        let keys = [
            ("mounts", mounts.origin), ("user", user.origin), ("network", network.origin), ("tty", usesTerminal.origin),
            ("options", options.origin),
        ]
        return keys.filter { $0.1 != .default }.map(\.0)
    }

    /// The level in a declared image.
    func level(in image: ImageDeclaration?) -> TestLevel {
        TestLevel(
            name: name, entrypoint: entrypointWords, command: command.value, image: image?.name, place: place.value,
            mounts: mounts.value, environment: environment.value, passedEnvironment: passedEnvironment.value,
            user: user.value, workingDirectory: workingDirectory.value, network: network.value,
            usesTerminal: usesTerminal.value, isInteractive: isInteractive.value, options: options.value,
            mistake: mistake, idleKeys: idleKeys)
    }

    /// The variables, secret values left out.
    private var shownEnvironment: [String: JSONValue] {
        Dictionary(
            uniqueKeysWithValues: environment.value.map {
                ($0.key, .string(SecretName.matches($0.key) ? SecretName.mask : $0.value))
            })
    }

    /// The values with their origins; of a level with a mistake nothing but that.
    func settings() -> [Setting] {
        let path = "tests.levels.\(name)"
        if let mistake { return [Setting("\(path).mistake", .string(mistake.description), origin)] }
        func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
        let user: JSONValue =
            switch user.value {
            case .image: "image"
            case .host: "host"
            case .named(let name): .string(name)
            }
        let entrypoint: JSONValue = entrypointWords.map { .strings($0) } ?? "image"
        return [
            Setting("\(path).command", command.value.isEmpty ? .null : .strings(command.value), command.origin),
            Setting("\(path).entrypoint", entrypoint, self.entrypoint.origin),
            Setting("\(path).image", text(image.value), image.origin),
            Setting("\(path).on", .string(place.value.rawValue), place.origin),
            Setting("\(path).mounts", .strings(mounts.value.map(\.written)), mounts.origin),
            Setting("\(path).env", .map(shownEnvironment), environment.origin),
            Setting("\(path).passEnv", .strings(passedEnvironment.value), passedEnvironment.origin),
            Setting("\(path).user", user, self.user.origin),
            Setting("\(path).workdir", text(workingDirectory.value), workingDirectory.origin),
            Setting("\(path).network", text(network.value), network.origin),
            Setting("\(path).tty", .bool(usesTerminal.value), usesTerminal.origin),
            Setting("\(path).interactive", .bool(isInteractive.value), isInteractive.origin),
            Setting("\(path).options", .strings(options.value.map(SecretName.masked)), options.origin),
        ]
    }
}
