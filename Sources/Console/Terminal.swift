import Configuration
import Glibc
import JSON
import Synchronization
import SystemCalls
import SystemPackage

/// Where the program writes: data to stdout, everything else to stderr.
///
/// No message breaks a progress line apart, text of others is escaped, and there is no escape code where nobody sees it.
public final class Terminal: Sendable {
    /// How the program shows what it does.
    public let options: DisplayOptions
    /// The program's name, in front of errors and warnings.
    public let program: String

    let progressMode: DisplayOptions.Progress
    let colorsOutput: Bool
    let colorsError: Bool
    private let output: FileDescriptor
    private let error: FileDescriptor
    private let outputIsTerminal: Bool
    private let errorIsTerminal: Bool
    private let state = Mutex(State())

    private struct State {
        var pending: [UInt8] = []
        var failure: SystemError?
        var statusLine = ""
        var filter = EscapeFilter()
        var atLineStart = true
    }

    /// Writes to this process' stdout and stderr, or to two other descriptors.
    public init(
        _ options: DisplayOptions, program: String, environment: [String: String],
        output: FileDescriptor = .standardOutput, error: FileDescriptor = .standardError
    ) {
        self.options = options
        self.program = program
        self.output = output
        self.error = error
        let isDumb = environment["TERM"] == "dumb"
        outputIsTerminal = isatty(output.rawValue) == 1
        errorIsTerminal = isatty(error.rawValue) == 1
        colorsOutput = Self.colors(options, environment, isTerminal: outputIsTerminal)
        colorsError = Self.colors(options, environment, isTerminal: errorIsTerminal)
        if options.isQuiet {
            progressMode = .none
        } else if options.progress == .automatic {
            progressMode = errorIsTerminal && !isDumb ? .terminal : .plain
        } else {
            progressMode = options.progress
        }
    }

    // MARK: Data, on stdout

    /// Writes a line of data.
    public func line(_ text: String) {
        line(StyledText(text))
    }

    /// Writes a line of data with styles.
    ///
    /// Here and in all that follows but `data`, URLs are shown without what may be a secret.
    public func line(_ text: StyledText) {
        data(Array((ShownURL.masked(text.rendered(colored: colorsOutput)) + "\n").utf8))
    }

    /// Writes a JSON document and a line end.
    public func json(_ value: JSONValue) {
        data(Array((Printable.escapedJSON(value.mapStrings(ShownURL.masked).spacedText) + "\n").utf8))
    }

    /// Writes bytes of data as they are.
    public func data(_ bytes: [UInt8]) {
        state.withLock { state in
            state.pending += bytes
            if outputIsTerminal || state.pending.count >= 64 << 10 { flush(&state) }
        }
    }

    /// Writes what is still held back; fails where stdout did not take everything.
    ///
    /// A reader that went away (`| head`) is no failure.
    public func finish() throws(Failure) {
        let failure = state.withLock { state -> SystemError? in
            clearStatus(&state)
            flush(&state)
            return state.failure
        }
        if let failure, failure.errno != .brokenPipe {
            throw Failure(.failed, "cannot write standard output: \(failure.errno.description)")
        }
    }

    // MARK: Messages, on stderr

    /// Writes a line, with the progress line out of its way.
    func message(_ text: StyledText) {
        let line = ShownURL.masked(text.rendered(colored: colorsError)) + "\n"
        state.withLock { state in
            clearStatus(&state)
            flush(&state)
            write((state.atLineStart ? "" : "\n") + line)
            state.atLineStart = true
            redrawStatus(&state)
        }
    }

    /// Passes on what another program writes, whole lines as a rule; unless `-q`, but for what is said `always`.
    ///
    /// Its escape codes are left out, since they are a stranger's, and so is what URLs hold that may be secret.
    public func relay(_ bytes: some Sequence<UInt8>, always: Bool = false) {
        if options.isQuiet && !always { return }
        state.withLock { state in
            clearStatus(&state)
            flush(&state)
            let text = String(decoding: state.filter.filtered(bytes), as: UTF8.self)
            let shown = Array(ShownURL.masked(text).utf8)
            guard let last = shown.last else { return }
            try? Files.write(shown, to: error, named: "standard error")
            state.atLineStart = last == 0x0A || last == 0x0D
        }
    }

    // MARK: Progress

    /// Starts to show the progress of something, such as `loading app:latest`.
    ///
    /// `total` is nil where the end is not known.
    public func progress(_ title: String, total: Int64? = nil, unit: Progress.Unit = .bytes) -> Progress {
        Progress(ShownURL.masked(title), total: total, unit: unit, on: self)
    }

    /// Shows the line that is written over; an empty one removes it.
    func show(status: String) {
        state.withLock { state in
            if !status.isEmpty { flush(&state) }
            clearStatus(&state)
            state.statusLine = status
            redrawStatus(&state)
        }
    }

    /// Writes one line of progress that stays.
    func show(progressLine: String) {
        state.withLock { state in
            flush(&state)
            write((state.atLineStart ? "" : "\n") + progressLine + "\n")
            state.atLineStart = true
        }
    }

    private func clearStatus(_ state: inout State) {
        if !state.statusLine.isEmpty, state.atLineStart { write("\r\u{1B}[K") }
    }

    private func redrawStatus(_ state: inout State) {
        if state.statusLine.isEmpty || !state.atLineStart { return }
        write(Printable.truncated(state.statusLine, to: width - 1))
    }

    private func flush(_ state: inout State) {
        if state.pending.isEmpty { return }
        if outputIsTerminal { clearStatus(&state) }
        do {
            if state.failure == nil { try Files.write(state.pending, to: output, named: "standard output") }
        } catch {
            state.failure = error
        }
        state.pending.removeAll(keepingCapacity: true)
        if outputIsTerminal { redrawStatus(&state) }
    }

    private func write(_ text: String) {
        // Nobody is left to tell when stderr itself cannot be written.
        try? Files.write(Array(text.utf8), to: error, named: "standard error")
    }

    /// The columns of the terminal that stderr is; 80 where there is none.
    private var width: Int {
        var size = winsize()
        guard ioctl(error.rawValue, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }
}
