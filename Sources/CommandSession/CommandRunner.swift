import ArgumentParser
import Console
import Glibc
import Programs
import SystemCalls

/// Runs a command line from its words to the exit status: parsing, signals, errors.
public struct CommandRunner: Sendable {
    /// The program's name, as messages begin.
    public let program: String
    /// The one exit status of all the program's own failures; nil where each has its own.
    public let onlyStatus: Int32?
    /// Commands whose second word is a verb.
    public let groups: Set<String>
    /// The group that stands for another program; nil where there is none.
    public let guest: GuestGroup?

    /// Describes a program.
    public init(
        program: String, onlyStatus: Int32? = nil, groups: Set<String> = [], guest: GuestGroup? = nil
    ) {
        self.program = program
        self.onlyStatus = onlyStatus
        self.groups = groups
        self.guest = guest
    }

    /// Runs the command line of this process and ends it with the command's status.
    public func run<Root: ParsableCommand & SendableMetatype>(_ root: Root.Type) async -> Never {
        StartFolder.note()
        ProcessMemory.tuneForShortLife()
        // A reader that went away shows as an error of write, not as a signal.
        signal(SIGPIPE, SIG_IGN)
        // So does a file that is longer than the limit of this process (`ulimit -f`).
        signal(SIGXFSZ, SIG_IGN)
        let signals = SignalWatch()
        if let complaint = UnusableCommandLine.complaint(of: root, groups: groups, guest: guest, ProcessArguments.all) {
            exit(write(complaint))
        }
        let words = words(of: root)
        let status = await signals.run {
            do {
                var command = try Self.command(words, of: root)
                if var asynchronous = command as? any AsyncParsableCommand {
                    try await asynchronous.run()
                } else {
                    try command.run()
                }
                return PlainOutput.failure.map { write($0) } ?? 0
            } catch let status as ArgumentParser.ExitCode {
                return status.rawValue
            } catch is CancellationError {
                return Console.ExitCode.interrupted.rawValue
            } catch {
                return report(error, of: root, words)
            }
        }
        exit(signals.received.map { 128 + $0 } ?? status)
    }

    /// The command that words name, with its flags.
    ///
    /// The parser alone says what words mean. It is asked about the one command that the first word names, since it looks at
    /// every command of the tree it is given. Where that gives no such command, as for help, a version or a mistake,
    /// it is asked about all.
    static func command<Root: ParsableCommand>(_ words: [String], of root: Root.Type) throws -> any ParsableCommand {
        let named = words.first.flatMap { word in root.configuration.subcommands.first { $0._commandName == word } }
        if let named, named.configuration.subcommands.isEmpty,
            let command = try? named.parseAsRoot(Array(words.dropFirst())), type(of: command) == named
        {
            return command
        }
        return try root.parseAsRoot(words)
    }

    /// The words of this process as the parser takes them.
    private func words<Root: ParsableCommand>(of root: Root.Type) -> [String] {
        let words = ProcessArguments.words
        if root.configuration.subcommands.isEmpty { return words }
        let hoisted = GlobalOptions.hoisted(words, groups: groups)
        return guest?.normalised(hoisted) ?? hoisted
    }

    /// Prints help to stdout, or what went wrong to stderr; the exit status.
    private func report<Root: ParsableCommand & SendableMetatype>(
        _ error: any Error, of root: Root.Type, _ words: [String]
    ) -> Int32 {
        switch root.exitCode(for: error) {
        case .success:
            PlainOutput.print(root.fullMessage(for: error))
            return PlainOutput.failure.map { write($0) } ?? 0
        case .validationFailure:
            if let (lines, status) = guest?.complaint(words, root.message(for: error)) {
                for line in lines { PlainOutput.say(line + "\n") }
                return status
            }
            let names = root.configuration.subcommands.map { $0._commandName }
            let verb = words.first.flatMap { names.contains($0) ? " \($0)" : nil } ?? ""
            return write(
                Failure(
                    .usage, "cannot read the command line: \(root.message(for: error))",
                    hint: "\(program)\(verb) --help"))
        default: return write(Failure(describing: error))
        }
    }

    /// Shows a failure on stderr; the exit status.
    private func write(_ failure: Failure) -> Int32 {
        let environment = ProcessEnvironment.current
        let options = (try? DisplayOptions(environment: environment)) ?? .standard
        Terminal(options, program: program, environment: environment).report(failure)
        return onlyStatus ?? failure.code.rawValue
    }
}
