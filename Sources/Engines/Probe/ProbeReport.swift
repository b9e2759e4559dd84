import SystemPackage

/// What a probe of our own has shown of an engine's containers.
public struct ProbeReport: Hashable, Sendable {
    /// What containers are started for: `builds` or `runs`.
    public let use: String
    /// What they need and can have, in words; nil where none started.
    public let abilities: String?
    /// Whether they do without a network of their own, or without isolation.
    public let isReduced: Bool
    /// What the engine said where none started.
    public let complaint: String?

    /// Describes what was shown.
    public init(use: String, abilities: String?, isReduced: Bool = false, complaint: String? = nil) {
        (self.use, self.abilities, self.isReduced, self.complaint) = (use, abilities, isReduced, complaint)
    }
}

extension Engine {
    /// Finds out anew what containers need and can have, for each use.
    public func probeReports() async throws -> [ProbeReport] {
        var reports: [ProbeReport] = []
        for use in ContainerUse.allCases {
            let found = try await probe(use)
            reports.append(
                ProbeReport(
                    use: use.rawValue, abilities: found?.description, isReduced: found?.isReduced ?? false,
                    complaint: found == nil ? surroundings.cached(Self.complaint(use)) : nil))
        }
        return reports
    }

    /// Keeps what the engine says to the first container that it does not start: that asks for least.
    func noteComplaint(_ finished: Finished, _ use: ContainerUse) {
        if finished.isSuccess || finished.reason.isEmpty || surroundings.cached(Self.complaint(use)) != nil { return }
        surroundings.cache(Self.complaint(use), finished.reason)
    }

    private static func complaint(_ use: ContainerUse) -> String { "complaint \(use.rawValue)" }

    /// The folder with the engine's images, as it says; nil where it is on another machine, or it does not say.
    public func storeFolder() async -> FilePath? {
        let isElsewhere = finding?.endpoint.map { UnixSocket.path(in: $0) == nil } ?? false
        guard !isElsewhere, dialect.service.hasDaemon || !usesService, let question = dialect.images.storeFolder,
            let answer = try? await ask(question), answer.isSuccess
        else { return nil }
        let path = FilePath(answer.lines.first?.trimmed ?? "")
        return path.isAbsolute ? path : nil
    }

    /// The containers of runs that were killed.
    public var leftContainers: [String] { RunNote.abandoned(self).map { $0.container } }

    /// Removes them.
    public func removeLeftContainers() async { await removeLeftovers() }
}
