import OCI
import Programs
import SystemPackage

/// How an engine is spoken to about containers.
struct ContainerVerbs: Sendable {
    /// Runs a command in a new container, or in the working container that was made.
    var run: @Sendable (RunCall) -> [String] = { ContainerVerbs.run($0) }
    /// Runs a program of an image, or of a working container, to see whether it starts.
    var probe: @Sendable (_ abilities: Abilities, _ subject: String, _ program: String) -> [String] = {
        $0.runtimeOptions + ["run", "--rm", "--pull=never"] + $0.limitOptions + $0.probedNetworkOptions
            + [$1, $2]
    }
    /// How working containers are made, where only they run anything; nil where images do.
    var working: WorkingVerbs?

    /// Asks when a container's command was started; nil where the engine does not remember it.
    var startedAt: (@Sendable (String) -> [String])? = {
        ["container", "inspect", "--format", "{{.State.StartedAt}}", $0]
    }
    /// Fails where there is no such container.
    var inspect: @Sendable (String) -> [String] = { ["container", "inspect", $0] }
    /// Tells the images that containers are made of.
    var images = ImagesInUse(list: ["ps", "--all", "--quiet", "--no-trunc"]) {
        ["container", "inspect", "--format", "{{.Image}}"] + $0
    }
    /// Lists the containers that have a label; nil where they have none.
    var labelled: (@Sendable (_ label: String) -> [String])? = {
        ["ps", "--all", "--quiet", "--no-trunc", "--filter", "label=\($0)"]
    }
    /// Tells the label of containers: ID VALUE.
    var label: @Sendable (_ label: String, _ containers: [String]) -> [String] = {
        ["container", "inspect", "--format", "{{.Id}} {{index .Config.Labels \"\($0)\"}}"] + $1
    }
    /// Stops a container politely.
    var stop: @Sendable (String) -> [String] = { ["stop", "--time", "2", $0] }
    /// Ends what runs in a container; nil where nothing does without us.
    var kill: (@Sendable (String) -> [String])? = { ["kill", $0] }
    /// Removes a container with its volumes.
    var remove: @Sendable (String) -> [String] = { ["rm", "--force", "--volumes", $0] }

    /// What podman and docker call the same.
    static func run(
        _ call: RunCall, _ own: [String] = [], entrypoint: (String) -> String = { $0 }
    ) -> [String] {
        let request = call.request
        var arguments = call.abilities.runtimeOptions + ["run", "--pull=never", "--name", call.container]
        arguments += ["--label", "\(RunOwner.label)=\(call.owner)"]
        if request.isInteractive { arguments.append("--interactive") }
        if call.hasTerminal { arguments.append("--tty") }
        if EngineOptionWords(request.options).value(of: "--ulimit") == nil { arguments += call.abilities.limitOptions }
        arguments += own + request.containerOptions() + call.networkOptions
        arguments += request.options
        // We remove it ourselves.
        if request.wantsRemoval { arguments.append("--rm=false") }
        return arguments + request.operands(entrypoint: entrypoint)
    }
}

/// How an engine tells the images that its containers are made of.
struct ImagesInUse: Sendable {
    /// Lists the images, or the containers where those have to be asked.
    let list: [String]
    /// Asks containers for their images; nil where the list tells them.
    var inspect: (@Sendable (_ containers: [String]) -> [String])?
}

/// How working containers are made.
struct WorkingVerbs: Sendable {
    /// Makes one of an image, which may be `scratch`.
    var make: @Sendable (_ container: String, _ image: String) -> [String]
    /// Gives one variables of the engine's own environment.
    var pass: @Sendable (_ names: [String], _ container: String) -> [String]
    /// Copies a file into one.
    var copy: @Sendable (_ container: String, _ file: FilePath, _ target: String) -> [String]
}

/// All that the arguments of a run follow from.
struct RunCall: Sendable {
    let request: RunRequest
    let abilities: Abilities
    /// The container's name.
    let container: String
    /// What its label says of us.
    var owner = RunOwner.current.text
    /// Whether the command gets a terminal.
    var hasTerminal: Bool
    /// The engine's environment.
    var environment: [String: String] = [:]
    /// Whether the container's root is this user.
    var isRootless = false
    /// Whether something can run timers for the engine.
    var hasSystemd = true
    /// How the image's containers run; for working containers.
    var image: RuntimeConfig?
    /// A file for what the runtime has to say; for working containers.
    var runtimeLog: FilePath?

    /// The options that choose the network, unless those of the caller do.
    var networkOptions: [String] {
        chosenNetwork(request.options, of: .run) == nil ? abilities.networkOptions(request.network) : []
    }
}

/// The containers in which the steps of builds run.
struct WorkingContainers: Sendable {
    /// Lists them.
    let list: [String]
    /// The id in a line of that list; nil for a container of another sort.
    let read: @Sendable (String) -> String?
    /// Removes them.
    let remove: @Sendable ([String]) -> [String]
    /// The programs that build in the same store.
    let programs: Set<String>
}
