import Context
import Dockerfile

extension Operation {
    /// The operation in the key (rule 9), without its place in the file.
    ///
    /// - Parameters:
    ///   - tree: The digest of the files that it takes from the context; nil where it takes none.
    ///   - origin: The canonical form of a place that files come from.
    func canonical(tree: StepTree?, origin: (Origin) -> CanonicalValue) -> CanonicalValue {
        var members: [String: CanonicalValue] = [:]
        members["tree"] = tree.map { .digest($0.digest) }
        members["further"] = furtherValues.isEmpty ? nil : furtherValues.canonical
        switch kind {
        case .run:
            members["argv"] = .list(argv.map { .text($0) })
            members["assumed-shell"] = assumesShell ? .bool(true) : nil
            members["env"] = environment.canonical
            members["cwd"] = workingDirectory.canonical
            members["user"] = user.canonical
            members["mounts"] = .list(mounts.map { $0.canonical(origin: origin) })
            members["network"] = .text(network)
            members["security"] = .text(security)
            members["devices"] = .list(devices.map { .strings($0) })
        case .copy, .add:
            members["from"] = origin(self.origin)
            members["sources"] = .list(sources.map(\.canonical))
            members["dest"] = destination.canonical
            var flags = flags
            flags["from"] = nil
            members["flags"] = .map(flags.mapValues { .list($0.map { .text($0) }) })
        case .makeDirectory:
            members["path"] = destination.canonical
            members["user"] = user.canonical
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
    fileprivate var canonical: CanonicalValue {
        switch self {
        case .path(let path): .list([.text("path"), .atom(path.bytes)])
        case .symbolic(let symbol): symbol.canonical
        case .inline(let name, let data): .list([.text("inline"), .text(name), .text(data)])
        case .remote(let value): .list([.text("remote"), value.canonical])
        }
    }

    fileprivate var isContextSource: Bool {
        switch self {
        case .path, .symbolic: true
        case .inline, .remote: false
        }
    }
}

extension RunMount {
    fileprivate func canonical(origin: (Operation.Origin) -> CanonicalValue) -> CanonicalValue {
        var options = options
        options["from"] = nil
        return .map([
            "options": options.canonical, "from": self.origin.map(origin) ?? .none,
            "source": source.map { .atom($0.bytes) } ?? .none,
        ])
    }
}
