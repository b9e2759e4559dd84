import Configuration
import Console
import Context
import ImageCache
import JSON
import SystemCalls

extension EntryFacts {
    /// How long ago something was, such as `3 d`; `-` where it is not known.
    func age(of time: KeyPath<EntryFacts, Int64?>) -> String {
        self[keyPath: time].map { Quantity.age(FileStatus.Time.now.seconds, since: $0) } ?? "-"
    }

    /// The time of the builds that were not needed.
    var savedText: String {
        use.savedSeconds.map { $0 < 0.5 ? "0 s" : Quantity.duration(.seconds($0.rounded())) } ?? "-"
    }

    /// Whether the object is here, and whether others can have it.
    var lfsText: String {
        let place = isObjectLocal ? "local" : "absent"
        return switch pushed {
        case .yes: "\(place), pushed"
        case .unconfirmed: "\(place), pushed?"
        case .no: "\(place), not pushed"
        case nil: place
        }
    }

    /// The first branches, and how many more there are.
    var branchesText: String {
        if branches.isEmpty { return "-" }
        let shown = branches.prefix(2).joined(separator: " ")
        return branches.count > 2 ? "\(shown) +\(branches.count - 2)" : shown
    }
}

extension EntryInspection {
    /// An element of `list --json`, and the object of `info --json`.
    func json(with facts: EntryFacts, engine: EngineImages.Presence?) -> JSONValue {
        func time(_ seconds: Int64?) -> JSONValue { seconds.map { .string(Quantity.time($0)) } ?? .null }
        var members: [JSONValue.Member] = [
            .init("image", .string(image.name.description)), .init("state", .string(state.rawValue)),
            .init("key", .string(inputs.key.hexadecimal)),
            .init("recordedKey", recorded.map { .string($0.key.hexadecimal) } ?? .null),
            .init("archive", .string(paths.archive.string)),
            .init("steps", recorded?.provenance?.steps == nil ? .null : .string(paths.steps.string)),
            .init("provenance", recorded?.provenance?.json ?? .null), .init("made", time(facts.made)),
            .init("lastUse", time(facts.use.last)),
            .init("savedBuilds", .integer(Int64(facts.use.savedBuilds))),
            .init("savedSeconds", facts.use.savedSeconds.map { .number(($0 * 10).rounded() / 10) } ?? .null),
            .init(
                "lfs",
                [
                    "worktree": .string(archiveForm), "local": .bool(facts.isObjectLocal),
                    "pushed": facts.pushed.map { .string($0.rawValue) } ?? .null,
                ]), .init("branches", .strings(facts.branches)),
        ]
        if let engine { members.append(.init("engine", .string(engine.rawValue))) }
        return .object(members)
    }
}
