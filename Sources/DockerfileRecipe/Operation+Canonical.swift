import Context
import Dockerfile

extension Operation {
    /// The operation in the key (rule 9), without its place in the file.
    ///
    /// - Parameters:
    ///   - tree: The digest of the files that it takes from the context; nil where it takes none.
    ///   - seal: What stands for secrets.
    ///   - origin: The canonical form of a place that files come from.
    func canonical(tree: StepTree?, _ seal: SecretSeal, origin: (Origin) -> CanonicalValue) -> CanonicalValue {
        var members: [String: CanonicalValue] = [:]
        members["tree"] = tree.map { .digest($0.digest) }
        members["further"] = furtherValues.isEmpty ? nil : seal.canonical(furtherValues)
        switch kind {
        case .run:
            members["argv"] = .list(argv.map { .text($0) })
            members["assumed-shell"] = assumesShell ? .bool(true) : nil
            members["env"] = seal.canonical(environment)
            members["cwd"] = seal.canonical(workingDirectory)
            members["user"] = seal.canonical(user)
            members["mounts"] = .list(mounts.map { $0.canonical(seal, origin: origin) })
            members["network"] = .text(network)
            members["security"] = .text(security)
            members["devices"] = .list(devices.map { .strings($0) })
        case .copy, .add:
            members["from"] = origin(self.origin)
            members["sources"] = .list(sources.map { $0.canonical(seal) })
            members["dest"] = seal.canonical(destination)
            var flags = flags
            flags["from"] = nil
            members["flags"] = .map(flags.mapValues { .list($0.map { seal.canonical($0) }) })
        case .makeDirectory:
            members["path"] = seal.canonical(destination)
            members["user"] = seal.canonical(user)
        }
        return .list([.text(kind.rawValue), .map(members)])
    }

    /// Whether the operation takes files from the build context.
    var readsContext: Bool {
        switch kind {
        case .run: mounts.contains { $0.origin == .context }
        case .copy, .add: origin == .context && sources.contains(where: \.isContextSource)
        case .makeDirectory: false
        }
    }
}

extension Operation.Source {
    fileprivate func canonical(_ seal: SecretSeal) -> CanonicalValue {
        switch self {
        case .path(let path): .list([.text("path"), .atom(path.bytes)])
        case .secretPath(let path, let text):
            .list([.text("path"), seal.seal(text) == nil ? .atom(path.bytes) : seal.canonical(text)])
        case .symbolic(let symbol): seal.canonical(symbol)
        case .inline(let name, let data): .list([.text("inline"), .text(name), seal.canonical(data)])
        case .remote(let value): .list([.text("remote"), seal.canonical(value)])
        }
    }

    fileprivate var isContextSource: Bool {
        switch self {
        case .path, .secretPath, .symbolic: true
        case .inline, .remote: false
        }
    }
}

extension RunMount {
    fileprivate func canonical(_ seal: SecretSeal, origin: (Operation.Origin) -> CanonicalValue) -> CanonicalValue {
        var options = options
        options["from"] = nil
        let secret = options["source"].flatMap { seal.seal($0.text) == nil ? nil : seal.canonical($0) }
        return .map([
            "options": seal.canonical(options), "from": self.origin.map(origin) ?? .none,
            "source": secret ?? source.map { .atom($0.bytes) } ?? .none,
        ])
    }
}
