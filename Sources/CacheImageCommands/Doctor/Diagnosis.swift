import Console
import JSON
import SystemCalls

/// One line of `doctor`: what is as it should be, or what is not, with the command that mends it.
struct Diagnosis: Hashable, Sendable {
    /// How it stands.
    enum State: String, CaseIterable, Sendable {
        case ok, fixed, warning, problem
    }

    /// What it is about.
    enum Area: String, CaseIterable, Sendable {
        case program, limits, clock, disk, permissions, git, repository, configuration, trust, lfs, leftovers, engine,
            containers
    }

    /// What `--fix` can do about it, without harm to anything.
    enum Repair: Hashable, Sendable {
        case filter, hook, attributes, leftovers, containers
    }

    var state: State
    let area: Area
    let text: String
    /// The command, or what is to be done in words.
    var fix: String?
    var repair: Repair?

    static func ok(_ area: Area, _ text: String) -> Diagnosis { Diagnosis(state: .ok, area: area, text: text) }

    static func warning(_ area: Area, _ text: String, fix: String? = nil, _ repair: Repair? = nil) -> Diagnosis {
        Diagnosis(state: .warning, area: area, text: text, fix: fix, repair: repair)
    }

    static func problem(_ area: Area, _ text: String, fix: String? = nil, _ repair: Repair? = nil) -> Diagnosis {
        Diagnosis(state: .problem, area: area, text: text, fix: fix, repair: repair)
    }

    /// An error that some step ran into.
    static func failure(_ area: Area, _ error: any Error) -> Diagnosis {
        let failure = Failure(describing: error)
        return problem(area, failure.message, fix: failure.hint)
    }

    /// The lines for people.
    var lines: [StyledText] {
        let style: Style =
            switch state {
            case .ok: .green
            case .fixed: .cyan
            case .warning: .yellow
            case .problem: .red
            }
        let first: StyledText = "\(state.rawValue, style) \(area.rawValue): \(Printable.folded(text))"
        guard let fix, state == .warning || state == .problem else { return [first] }
        return [first, StyledText("  fix: \(Printable.folded(fix))")]
    }

    /// The element of the document of `--json`.
    var json: JSONValue {
        [
            "state": .string(state.rawValue), "area": .string(area.rawValue), "text": .string(text),
            "fix": fix.map { .string($0) } ?? .null, "fixable": .bool(repair != nil),
        ]
    }
}
