import Glibc
import Programs
import Subprocess
import SystemCalls
import SystemPackage

extension Engine {
    /// Runs the engine's program and waits for its end; cancellation ends it, first politely.
    ///
    /// With `passesSignals` it gets the signal that ended this process' work, for the command in a container.
    func execute(
        _ arguments: [String], input: ProcessInput = .none, output: ProcessOutput = .collected,
        inheritingErrors: Bool = false, environment extra: [String: String?] = [:], silence limit: Duration? = nil,
        passesSignals: Bool = false
    ) async throws -> Finished {
        Unfinished.begin()
        defer { Unfinished.end() }
        let activity = Activity()
        let finished: Finished? = try await withThrowingTaskGroup(of: Finished?.self) { group in
            group.addTask {
                try await withTaskCancellationHandler {
                    try await spawn(
                        arguments, input: input, output: output, inheritingErrors: inheritingErrors,
                        environment: extra, activity: activity, passesSignals: passesSignals)
                } onCancel: {
                    if !passesSignals { return }
                    activity.pass(EndingSignal.received ?? SIGINT)
                    Task { await activity.killWhenUrgent() }
                }
            }
            if let limit {
                group.addTask {
                    while activity.silence < limit { try await Task.sleep(for: limit - activity.silence) }
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
        environment extra: [String: String?], activity: Activity, passesSignals: Bool
    ) async throws -> Finished {
        try await PlainPath.linking(workingFolder: workingDirectory, environment: environment) { folder in
            try await spawn(
                arguments, in: folder, input: input, output: output, inheritingErrors: inheritingErrors,
                environment: extra, activity: activity, passesSignals: passesSignals)
        }
    }

    private func spawn(
        _ arguments: [String], in folder: FilePath?, input: ProcessInput, output: ProcessOutput,
        inheritingErrors: Bool, environment extra: [String: String?], activity: Activity, passesSignals: Bool
    ) async throws -> Finished {
        var variables = environment
        for (name, value) in extra { variables[name] = value }
        var options = PlatformOptions()
        // A group of its own lets us end all that the program starts. It must not read from a terminal there, be it the
        // command's input or the passphrase of an SSH key.
        let isGroup = !Self.hasTerminal || !input.isInherited && !usesService
        if isGroup { options.processGroupID = 0 }
        // Builders end the container of a step on SIGINT only; whatever ignores it gets SIGTERM, then SIGKILL. Which signal
        // to pass on is known only when it has come: `execute` sends it then, and the first step only waits.
        let first = passesSignals ? Signal(rawValue: 0) : .interrupt
        options.teardownSequence = [
            .send(signal: first, toProcessGroup: isGroup, allowedDurationToNextStep: .seconds(5)),
            .gracefulShutDown(toProcessGroup: isGroup, allowedDurationToNextStep: .seconds(5)),
        ]

        let streams = try Streams(input: input, output: output, inheritingErrors: inheritingErrors)
        let collected = ByteCollector()
        let cancelled = CancelledProgram()
        let errors = LineBuffer()
        let result: ExecutionResult<(any Error)?, FileDescriptorOutput, FileDescriptorOutput>
        do {
            result = try await Subprocess.run(
                .path(executable), arguments: .keeping(arguments), environment: .exactly(variables),
                workingDirectory: folder, platformOptions: options,
                input: .fileDescriptor(streams.childInput, closeAfterSpawningProcess: streams.ownsInput),
                output: .fileDescriptor(streams.childOutput, closeAfterSpawningProcess: streams.ownsOutput),
                error: .fileDescriptor(streams.childErrors, closeAfterSpawningProcess: streams.ownsErrors)
            ) { execution in
                let pid = execution.processIdentifier.value
                activity.watch(pid, isGroup: isGroup)
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
            try await onOwnThread {
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
                if !activity.isProgramGone { continue }
                // What it wrote between the two questions is there now.
                if poll(&request, 1, 0) == 0 { return }
            }
            let count = try Files.read(pipe, into: &buffer, named: "an engine's output")
            if count == 0 { return }
            activity.touch()
            handle(Array(buffer[..<count]))
        }
    }

    /// Whether this process belongs to a terminal, of which Ctrl-C reaches all programs.
    private static let hasTerminal = Files.hasTerminal
}
