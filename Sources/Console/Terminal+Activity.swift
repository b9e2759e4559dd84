import JSON
import SystemCalls

extension Terminal {
    /// Whether progress is a line that is written over.
    public var showsLiveProgress: Bool { progressMode == .terminal }

    /// Shows what is going on now: on the line that is written over, or as a line of its own; nil when it is over.
    public func activity(_ text: String?) {
        switch progressMode {
        case .terminal: show(status: text.map(Printable.folded) ?? "")
        case .plain:
            if let text { show(progressLine: Printable.folded(text)) }
        case .json:
            if let text { show(progressLine: JSONValue.object([.init("activity", .string(text))]).text) }
        case .automatic, .none: break
        }
    }
}
