extension Terminal {
    /// Whether to colour: the flag, else `NO_COLOR`, `CLICOLOR_FORCE`, `TERM=dumb`, `CLICOLOR=0`, else whether a terminal listens.
    static func colors(_ options: DisplayOptions, _ environment: [String: String], isTerminal: Bool) -> Bool {
        switch options.color {
        case .always: return true
        case .never: return false
        case .automatic: break
        }
        if environment["NO_COLOR", default: ""] != "" { return false }
        if !["", "0"].contains(environment["CLICOLOR_FORCE", default: ""]) { return true }
        if environment["TERM"] == "dumb" || environment["CLICOLOR"] == "0" { return false }
        return isTerminal
    }
}
