import Patterns

/// What a stage has come to after some of its steps.
struct StageState {
    /// A variable: its value and where it comes from.
    struct Variable {
        var value: Value
        /// Whether only the base image sets it.
        var isFromBase = false
        /// Whether an ARG set it last.
        var isArgument = false
    }

    /// The environment of RUN, ARGs included.
    var variables: [String: Variable] = [:]
    /// The environment of the image.
    var environment: [String: Variable] = [:]
    /// What the other of ENV and ARG says, where both set a name and an ARG came last: engines differ in who wins.
    var shadowed: [String: Value] = [:]
    /// Whether every variable that the file does not set is unset, since the base image is known.
    var isBaseKnown = true
    /// Whether a name of a variable was not known, so that nothing is.
    var isTainted = false
    var workingDirectory: Value = .known("/")
    var user: Value = .known("")
    var shell: [String] = []
    /// Whether an unlocked base image may set a shell.
    var assumesShell = false
    var configuration = PlannedConfig()
    /// Whether this stage has a CMD.
    var hasCommand = false
    /// The ARGs in force: the name and the declarations that no RUN has seen yet.
    var declared: Set<String> = []
    var unseen: [String: Set<Int>] = [:]

    /// The PATH of base images that set none.
    static let defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    /// A stage on an image; nil for one that is not locked.
    init(on image: BaseImage?) {
        guard let image, image.isKnown else {
            isBaseKnown = false
            assumesShell = true
            workingDirectory = .symbolic(Value.Symbol("", shown: "/"))
            user = .symbolic(Value.Symbol("", shown: ""))
            return
        }
        environment["PATH"] = Variable(value: .known(Expanded(Self.defaultPath)), isFromBase: true)
        for entry in image.environment {
            let scalars = entry.unicodeScalars
            let equals = scalars.firstIndex(of: "=") ?? scalars.endIndex
            environment[String(scalars[..<equals])] = Variable(
                value: .known(Expanded(String(scalars[equals...].dropFirst()))), isFromBase: true)
        }
        variables = environment
        workingDirectory = .known(Expanded(StagePath.joined("/", image.workingDirectory)))
        user = .known(Expanded(image.user))
        shell = image.shell
    }

    /// A stage on another stage: the environment of its image wins again over ARGs.
    init(on parent: StageState) {
        self = parent
        hasCommand = false
        shadowed = [:]
        configuration.onBuild = []
        for (name, variable) in environment { variables[name] = variable }
        if isBaseKnown { return }
        for (name, variable) in variables where variable.isArgument && environment[name] == nil {
            // The unknown base may set this name, too, and would win.
            variables[name]?.value = .symbolic(
                Value.Symbol(Expanded("${\(name)}"), values: [name: variable.value], shown: variable.value.shown))
        }
    }

    /// What an image made of this state is as a base image; unknown where a part of it is not known, or is secret.
    var baseImage: BaseImage {
        func plain(_ value: Value) -> String? {
            if case .known(let text) = value, text.secrets.isEmpty { text.text } else { nil }
        }
        guard isBaseKnown, !isTainted, let folder = plain(workingDirectory), let user = plain(user) else {
            return .unknown
        }
        var pairs: [String] = []
        for (name, variable) in environment.sorted(by: { $0.key < $1.key }) {
            guard let value = plain(variable.value) else { return .unknown }
            pairs.append("\(name)=\(value)")
        }
        return BaseImage(
            environment: pairs, workingDirectory: folder, user: user, shell: shell, onBuild: configuration.onBuild)
    }

    /// What the expansion of a word finds.
    func lookUp(_ name: String) -> WordExpander.Known {
        if isTainted { return .unknown }
        if let variable = variables[name] {
            if case .known(let value) = variable.value { return .set(value) }
            return .unknown
        }
        guard let first = name.unicodeScalars.first, GoText.isLetter(first) || first == "_" else { return .unset }
        return isBaseKnown ? .unset : .unknown
    }
}
