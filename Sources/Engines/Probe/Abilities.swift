import Programs

/// What containers of an engine need on this machine to start, and what the engine can give them.
///
/// It comes from a probe of our own (`Engine+Probe.swift`), never from what a user's container or build printed.
struct Abilities: Hashable, Sendable, CustomStringConvertible {
    /// The network that a container can have.
    enum Network: String, Sendable {
        /// One of its own, the engine's default.
        case own
        /// None at all, or this machine's.
        case empty
        /// This machine's only.
        case host
    }

    /// The runtime to name; nil for the engine's own choice.
    var runtime: String?
    /// Whether limits above our own must not be asked for.
    var needsOwnLimits = false
    /// What there is of networks.
    var network = Network.own
    /// Whether steps run in a changed root only, not isolated from this machine.
    var isChroot = false

    /// Whether containers do without something.
    var isReduced: Bool { network != .own || isChroot }

    /// The words that stand for it in the notes.
    var text: String {
        "runtime=\(runtime ?? "") limits=\(needsOwnLimits) network=\(network.rawValue) chroot=\(isChroot)"
    }

    /// The same for people.
    var description: String {
        var words: [String] = []
        switch network {
        case .own: words.append("networks of their own")
        case .empty: words.append("no network but the host's, or none")
        case .host: words.append("the host's network only")
        }
        if isChroot { words.append("no isolation (chroot)") }
        if let runtime { words.append("runtime \(runtime)") }
        if needsOwnLimits { words.append("this process' limits") }
        return words.joined(separator: ", ")
    }

    /// What an engine needs and can give where nothing was found out.
    init() {}

    /// Reads the words of the notes; nil where they are damaged.
    init?(_ text: String) {
        var words: [Substring: Substring] = [:]
        for word in text.split(separator: " ") {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { words[parts[0]] = parts[1] }
        }
        guard let network = words["network"].flatMap({ Network(rawValue: String($0)) }), let limits = words["limits"],
            let chroot = words["chroot"], let runtime = words["runtime"]
        else { return nil }
        self.runtime = runtime.isEmpty ? nil : String(runtime)
        needsOwnLimits = limits == "true"
        self.network = network
        isChroot = chroot == "true"
    }
}

extension Abilities {
    /// The flag that names the runtime: a global one of podman, one of `build` and `run` with buildah.
    var runtimeOptions: [String] { runtime.map { ["--runtime", $0] } ?? [] }

    /// Options of a container that ask for no limits above our own.
    var limitOptions: [String] {
        guard needsOwnLimits else { return [] }
        let limits = Surroundings.ownLimits
        return [
            "--ulimit", "nofile=\(limits.files):\(limits.files)",
            "--ulimit", "nproc=\(limits.processes):\(limits.processes)",
        ]
    }

    /// What is to be said of the network and isolation that a container or build does without; nil where it has both.
    func shortcoming(network wanted: String?) -> String? {
        if isChroot { return "without isolation (chroot), on the host's network" }
        return network != .own && isDefault(wanted) ? "on the host's network" : nil
    }

    /// Whether a network is the engine's default.
    private func isDefault(_ network: String?) -> Bool { network == nil || network == "default" || network == "" }

    /// Whether the engine can give a container the network that is asked for; nil asks for its default.
    func gives(_ wanted: String?) -> Bool {
        switch network {
        case .own: true
        case .empty: isDefault(wanted) || wanted == "host" || wanted == "none"
        case .host: isDefault(wanted) || wanted == "host"
        }
    }

    /// The options that choose the network of a container that shows what there is of networks.
    var probedNetworkOptions: [String] {
        switch network {
        case .own: []
        case .empty: ["--network", "none"]
        case .host: ["--network", "host"]
        }
    }

    /// The options that choose the network: what is asked for, or this machine's where there is no default one.
    func networkOptions(_ wanted: String?) -> [String] {
        if network != .own, isDefault(wanted) { return ["--network", "host"] }
        return wanted.map { ["--network", $0] } ?? []
    }
}

/// The network that options of the caller's own choose; nil where they choose none.
func chosenNetwork(_ options: [String], of verb: EngineVerb) -> String? {
    EngineOptionWords(options, of: verb).value(of: "--network", "--net")
}
