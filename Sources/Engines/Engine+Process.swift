import Glibc
import Subprocess
import Synchronization
import SystemCalls
import SystemPackage

/// What an engine's program reads.
enum ProcessInput: Sendable {
    case none
    case inherited
    case writer(@Sendable (FileDescriptor, Activity) throws -> Void)
}

extension ProcessInput {
    /// Whether the program reads what we would read.
    var isInherited: Bool { if case .inherited = self { true } else { false } }
}

/// Where the output of an engine's program goes; its errors are always kept, line by line.
enum ProcessOutput: Sendable {
    case collected
    case inherited
    /// Output and errors together, line by line.
    case lines(@Sendable (String) -> Void)
    case reader(@Sendable (FileDescriptor, Activity) throws -> Void)
}

/// Tells the watch that something moves.
final class Activity: Sendable {
    private let last = Mutex(ContinuousClock.now)
    private let pid = Mutex<pid_t>(0)

    /// Names the program that is watched.
    func watch(_ number: pid_t) { pid.withLock { $0 = number } }

    /// Whether the program has ended, though what it started may live on and hold its pipes.
    var isProgramGone: Bool {
        let number = pid.withLock { $0 }
        if number == 0 { return false }
        var information = siginfo_t()
        return waitid(P_PID, id_t(number), &information, WEXITED | WNOHANG | WNOWAIT) != 0 || information.si_signo != 0
    }

    func touch() { last.withLock { $0 = .now } }

    var silence: Duration { last.withLock { $0.duration(to: .now) } }
}

/// Keeps what a program writes, up to a limit.
final class ByteCollector: Sendable {
    private let state = Mutex<[UInt8]>([])

    func take(_ bytes: [UInt8]) {
        state.withLock { if $0.count < 64 << 20 { $0 += bytes } }
    }

    var bytes: [UInt8] { state.withLock { $0 } }
}

/// How an engine's program ended.
struct Finished: Sendable {
    enum Ending: Hashable, Sendable {
        case exited(Int32)
        case signaled(Int32)
    }

    let command: String
    let ending: Ending
    let outputBytes: [UInt8]
    let errorLines: [String]
    /// What our own writer or reader of a pipe ran into.
    let transferError: (any Error)?

    var isSuccess: Bool { ending == .exited(0) }
    var output: String { String(decoding: outputBytes, as: UTF8.self) }
    var lines: [String] { output.split(separator: "\n").map(String.init) }

    /// The engine's own error text, in one line.
    var reason: String {
        let lines = errorLines.filter { line in
            !line.trimmed.isEmpty && !line.hasPrefix("time=") && !line.hasPrefix("See '") && !line.hasPrefix("Usage:")
        }
        let errors = lines.filter { $0.lowercased().contains("error") }
        let text = (errors.last ?? lines.last ?? errorLines.last ?? "").trimmed
        return text.hasPrefix("Error: ") ? String(text.dropFirst(7)) : text
    }

    /// Whether the engine's errors hold one of these texts, whatever the case.
    func says(_ texts: String...) -> Bool {
        let all = errorLines.joined(separator: "\n").lowercased()
        return texts.contains { all.contains($0) }
    }
}

extension StringProtocol {
    /// The text without blanks at its ends.
    var trimmed: String {
        var text = self[...]
        while text.first?.isWhitespace == true { text = text.dropFirst() }
        while text.last?.isWhitespace == true { text = text.dropLast() }
        return String(text)
    }
}

extension Engine {
    /// Runs the engine's program and waits for its end; cancellation ends it, first politely.
    func execute(
        _ arguments: [String], input: ProcessInput = .none, output: ProcessOutput = .collected,
        inheritingErrors: Bool = false, environment extra: [String: String?] = [:], silence limit: Duration? = nil
    ) async throws -> Finished {
        let activity = Activity()
        let finished: Finished? = try await withThrowingTaskGroup(of: Finished?.self) { group in
            group.addTask {
                try await spawn(
                    arguments, input: input, output: output, inheritingErrors: inheritingErrors,
                    environment: extra, activity: activity)
            }
            if let limit {
                group.addTask {
                    while activity.silence < limit { try await Task.sleep(for: .milliseconds(200)) }
                    return nil
                }
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
        try Task.checkCancellation()
        guard let finished else {
            throw EngineError(
                .hung, "cannot run \(name) \(arguments.first ?? ""): it did nothing for \(limit ?? .zero) and was ended"
            )
        }
        return finished
    }

    private func spawn(
        _ arguments: [String], input: ProcessInput, output: ProcessOutput, inheritingErrors: Bool,
        environment extra: [String: String?], activity: Activity
    ) async throws -> Finished {
        var variables: [Environment.Key: String] = [:]
        for (name, value) in environment { variables[Environment.Key(stringLiteral: name)] = value }
        for (name, value) in extra { variables[Environment.Key(stringLiteral: name)] = value }
        var options = PlatformOptions()
        // A group of its own lets us end all that the program starts. It must not read from a terminal there, be it the
        // command's input or the passphrase of an SSH key.
        let isGroup = !Self.hasTerminal || !input.isInherited && kind != .docker && environment["CONTAINER_HOST"] == nil
        if isGroup { options.processGroupID = 0 }
        // Builders end the container of a step on SIGINT only; whatever ignores it gets SIGTERM, then SIGKILL.
        options.teardownSequence = [
            .send(signal: .interrupt, toProcessGroup: isGroup, allowedDurationToNextStep: .seconds(5)),
            .gracefulShutDown(toProcessGroup: isGroup, allowedDurationToNextStep: .seconds(5)),
        ]

        let streams = try Streams(input: input, output: output, inheritingErrors: inheritingErrors)
        let collected = ByteCollector()
        let cancelled = CancelledProgram()
        let errors = LineBuffer()
        let result: ExecutionResult<(any Error)?, FileDescriptorOutput, FileDescriptorOutput>
        do {
            result = try await Subprocess.run(
                .path(executable), arguments: Arguments(arguments), environment: .custom(variables),
                workingDirectory: workingDirectory, platformOptions: options,
                input: .fileDescriptor(streams.childInput, closeAfterSpawningProcess: streams.ownsInput),
                output: .fileDescriptor(streams.childOutput, closeAfterSpawningProcess: streams.ownsOutput),
                error: .fileDescriptor(streams.childErrors, closeAfterSpawningProcess: streams.ownsErrors)
            ) { execution in
                let pid = execution.processIdentifier.value
                activity.watch(pid)
                return await withTaskCancellationHandler {
                    await withTaskGroup(of: (any Error)?.self) { group in
                        if let pipe = streams.toInput, case .writer(let write) = input {
                            group.addTask { await Self.transfer(pipe) { try write($0, activity) } }
                        }
                        if let pipe = streams.fromOutput {
                            switch output {
                            case .reader(let read):
                                group.addTask { await Self.transfer(pipe) { try read($0, activity) } }
                            case .lines(let handle):
                                let lines = LineBuffer { line in
                                    errors.take(Array((line + "\n").utf8))
                                    handle(line)
                                }
                                group.addTask {
                                    await Self.transfer(pipe) { descriptor in
                                        try Self.pump(descriptor, activity) { lines.take($0) }
                                        lines.finish()
                                    }
                                }
                            case .collected, .inherited:
                                group.addTask {
                                    await Self.transfer(pipe) { descriptor in
                                        try Self.pump(descriptor, activity) { collected.take($0) }
                                    }
                                }
                            }
                        }
                        if let pipe = streams.fromErrors {
                            group.addTask {
                                await Self.transfer(pipe) { descriptor in
                                    try Self.pump(descriptor, activity) { errors.take($0) }
                                    errors.finish()
                                }
                            }
                        }
                        var failure: (any Error)?
                        for await error in group where failure == nil { failure = error }
                        return failure
                    }
                } onCancel: {
                    cancelled.start(pid, activity, isGroup: isGroup)
                }
            }
        } catch let error as SubprocessError {
            streams.closeOwn()
            throw EngineError(.notFound, "cannot run \(executable): \(error)")
        }
        await cancelled.finish()
        let ending: Finished.Ending =
            switch result.terminationStatus {
            case .exited(let code): .exited(code)
            case .signaled(let signal): .signaled(signal)
            }
        return Finished(
            command: ([name] + arguments).joined(separator: " "), ending: ending,
            outputBytes: collected.bytes, errorLines: errors.lastLines, transferError: result.closureResult)
    }

    /// Gives an end of a pipe to `body` on a thread of its own, and closes it.
    private static func transfer(
        _ pipe: FileDescriptor, _ body: @escaping @Sendable (FileDescriptor) throws -> Void
    ) async -> (any Error)? {
        do {
            try await BlockingThread.run {
                defer { try? pipe.close() }
                try body(pipe)
            }
            return nil
        } catch {
            return error
        }
    }

    /// Reads a pipe to its end, or until the program is gone and nothing more comes of those that it left behind.
    private static func pump(
        _ pipe: FileDescriptor, _ activity: Activity, _ handle: ([UInt8]) -> Void
    ) throws {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            var request = pollfd(fd: pipe.rawValue, events: Int16(POLLIN), revents: 0)
            if poll(&request, 1, 500) == 0 {
                if activity.isProgramGone { return }
                continue
            }
            let count = try Files.read(pipe, into: &buffer, named: "an engine's output")
            if count == 0 { return }
            activity.touch()
            handle(Array(buffer[..<count]))
        }
    }

    /// Whether this process belongs to a terminal, of which Ctrl-C reaches all programs.
    private static let hasTerminal: Bool = {
        let descriptor = open("/dev/tty", O_RDWR | O_CLOEXEC)
        if descriptor >= 0 { close(descriptor) }
        return descriptor >= 0
    }()
}
