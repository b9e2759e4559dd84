import Logging

/// Shows what library modules log, as far as `-q` and `-v` let it through.
struct TerminalLogHandler: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    let terminal: Terminal

    init(_ terminal: Terminal) {
        self.terminal = terminal
        logLevel =
            switch terminal.options.verbosity {
            case ..<1: terminal.options.isQuiet ? .error : .warning
            case 1: .info
            case 2: .debug
            default: .trace
            }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var text = event.message.description
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        for (key, value) in all.sorted(by: { $0.key < $1.key }) { text += " \(key)=\(value)" }
        if let error = event.error { text += ": \(error)" }
        if event.level >= .warning {
            terminal.warning(text)
        } else {
            terminal.detail(text)
        }
    }
}

extension Terminal {
    /// A logger whose messages appear here: warnings always, more with each `-v`.
    public func logger(_ label: String) -> Logger {
        Logger(label: label) { _ in TerminalLogHandler(self) }
    }
}
