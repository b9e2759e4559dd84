import SystemCalls

extension Terminal {
    /// Says something that everybody wants to know, unless `-q`.
    public func note(_ text: StyledText) {
        if !options.isQuiet { message(text) }
    }

    /// Says something that everybody wants to know, unless `-q`.
    public func note(_ text: String) {
        note(StyledText(text))
    }

    /// Says something that belongs to a question or an error, also with `-q`; one line, whatever the text holds.
    public func said(_ text: String) {
        message(StyledText(text))
    }

    /// Says something at `-v` (level 1), `-vv` (level 2) and so on.
    public func detail(_ text: String, level: Int = 1) {
        if options.verbosity >= level { message(StyledText(text, .dim)) }
    }

    /// Warns, and names the next command where there is one.
    public func warning(_ text: String, hint: String? = nil) {
        message("\(program): \("warning:", .yellow) \(StyledText(folded: text))")
        if let hint { self.hint(hint) }
    }

    /// Shows an error: one line, and at most one hint.
    public func report(_ failure: Failure) {
        message("\("\(program):", .red) \(StyledText(folded: failure.message))")
        if let hint = failure.hint { self.hint(hint) }
    }

    private func hint(_ text: String) {
        message("\("hint:", .cyan) \(StyledText(folded: text))")
    }
}

extension StyledText {
    /// Text on one line, control characters escaped.
    init(folded text: String) {
        self.init(Printable.folded(text))
    }
}
