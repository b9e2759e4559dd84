import Glibc
import SystemCalls

/// What containers are started for: the steps of builds, and runs, which may be able to do different things.
enum ContainerUse: String, Sendable, CaseIterable {
    case builds, runs
}

extension Engine {
    /// What containers need and can have: what is remembered of this version, else what a probe shows.
    func abilities(of use: ContainerUse) async throws -> Abilities {
        if let known = try await rememberedAbilities(of: use) { return known }
        return try await probe(use) ?? Abilities()
    }

    /// What is known of containers here, in words; empty where nothing was found out yet.
    public var knownAbilities: [(use: String, abilities: String)] {
        get async throws {
            var known: [(use: String, abilities: String)] = []
            for use in ContainerUse.allCases {
                if let found = try await rememberedAbilities(of: use) {
                    known.append((use.rawValue, found.description))
                }
            }
            return known
        }
    }

    /// Finds out again what containers need here, and which networks they can have.
    public func probe() async throws {
        for use in ContainerUse.allCases { _ = try await probe(use) }
    }

    /// Forgets what was found out: the next command asks again.
    func forgetAbilities(of use: ContainerUse) async {
        if let fact = try? await factName(use) { surroundings.remember(fact, nil) }
    }

    private func rememberedAbilities(of use: ContainerUse) async throws -> Abilities? {
        let fact = try await factName(use)
        if let known = surroundings.cached(fact).flatMap(Abilities.init) { return known }
        let words = (surroundings.fact(fact) ?? "").split(separator: "\n").map(String.init)
        guard let known = words.first.flatMap(Abilities.init) else { return nil }
        // What containers cannot have may be had after the next boot.
        if known.isReduced, words.last != Surroundings.boot { return nil }
        surroundings.cache(fact, known.text)
        return known
    }

    /// The fact's name: what is true of one version, builder, service and user need not be true of another.
    private func factName(_ use: ContainerUse) async throws -> String {
        let parts = [
            try await version(), finding?.endpoint ?? "-", environment["CONTAINERS_CONF"] ?? "-", "\(geteuid())",
            use == .runs ? "runs" : "builds of \(try await builder().name)",
        ]
        return parts.joined(separator: " ")
    }

    /// Starts containers of our own; nil where none starts, which is not remembered.
    func probe(_ use: ContainerUse) async throws -> Abilities? {
        note("\(name): starting a container of our own, to see what \(use.rawValue) need here")
        guard let found = try await firstThatStarts(use) else {
            note("\(name): no container of our own started")
            return nil
        }
        if let runtime = found.runtime { note("\(name): using \(runtime), since its own choice starts no containers") }
        if found.needsOwnLimits {
            note("\(name): containers get our own limits of files and processes, since they may not be raised here")
        }
        let fact = try await factName(use)
        surroundings.cache(fact, found.text)
        surroundings.remember(fact, "\(found.text)\n\(Surroundings.boot)")
        return found
    }
}
