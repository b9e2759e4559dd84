import Glibc
import Subprocess
import Synchronization
import SystemCalls
import SystemPackage

/// A program that is run to its end: `git`, `ssh`, a helper for logins, a test command on the host.
public struct ChildProgram: Sendable {
    /// The program's file.
    public let path: FilePath
    /// The arguments, without the program's name.
    public var arguments: [String]
    /// The folder in which it runs; nil for that of this process.
    public var folder: FilePath?
    /// All variables that it sees.
    public var environment: [String: String]
    /// Whether `run` gives it a process group of its own, all of which is killed when the task is cancelled.
    ///
    /// It is for programs that start others, which would go on without it. The terminal's signals do not reach the group.
    public var ownsGroup = false
    private let name: String

    /// Names a program: a name is looked up in the PATH of the environment, what holds a `/` is a path from the folder.
    public init(
        _ name: String, _ arguments: [String], in folder: FilePath?, environment: [String: String]
    ) throws(ProgramError) {
        if name.contains("/") {
            path = folder?.pushing(FilePath(name)) ?? FilePath(name)
        } else if let found = ProgramSearch.find(name, environment: environment) {
            path = found
        } else {
            throw ProgramError(program: name, reason: "it is not on PATH")
        }
        self.name = name
        self.arguments = arguments
        self.folder = folder
        self.environment = environment
    }

    /// Runs it for a login, which a server may have a hand in: what takes long or says much is given up.
    public func runForLogin(
        input: [UInt8] = [], timeLimit: Duration = .seconds(InputLimit.loginSeconds)
    ) async throws -> ProgramResult {
        let result = try await withThrowingTaskGroup(of: ProgramResult?.self) { group in
            group.addTask {
                try await run(input: input, outputLimit: InputLimit.loginOutput, errorLimit: InputLimit.loginOutput)
            }
            group.addTask {
                try await Task.sleep(for: timeLimit)
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
        guard let result else {
            throw ProgramError(
                program: name, reason: "it gave no answer within \(timeLimit.components.seconds) seconds",
                isGivenUp: true)
        }
        return result
    }

    /// Runs it with input from memory and collects what it writes; output above the limits is an error.
    public func run(
        input: [UInt8] = [], outputLimit: Int = InputLimit.programOutput, errorLimit: Int = 4 << 20
    ) async throws -> ProgramResult {
        var options = PlatformOptions()
        if ownsGroup { options.processGroupID = 0 }
        let running = Running()
        return try await checked { [options] folder in
            // Subprocess' own collectors set the whole limit aside before the first byte comes.
            let result = try await withTaskCancellationHandler {
                try await Subprocess.run(
                    .path(path), arguments: .keeping(arguments), environment: .exactly(environment),
                    workingDirectory: folder, platformOptions: options, input: .array(input), output: .sequence,
                    error: .sequence
                ) { execution in
                    let (output, errors) = (execution.standardOutput, execution.standardError)
                    let pid = execution.processIdentifier.value
                    if ownsGroup {
                        running.pid.store(pid, ordering: .releasing)
                        if Task.isCancelled { killpg(pid, SIGKILL) }
                    }
                    async let said = bytes(of: errors, limit: errorLimit, from: pid)
                    let written = try await bytes(of: output, limit: outputLimit, from: pid)
                    return (written, try await said)
                }
            } onCancel: {
                let pid = running.pid.load(ordering: .acquiring)
                if pid > 0 { killpg(pid, SIGKILL) }
            }
            return ProgramResult(
                status: result.terminationStatus.exitStatus, output: result.closureResult.0,
                errors: result.closureResult.1)
        }
    }

    /// Collects what a process writes; one that writes too much is ended.
    private func bytes(of stream: SubprocessOutputSequence, limit: Int, from pid: pid_t) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await part in stream {
            if bytes.count + part.count > limit {
                kill(pid, SIGKILL)
                throw ProgramError(program: name, reason: "it writes more than \(limit) bytes")
            }
            part.withUnsafeBytes { bytes += $0 }
        }
        return bytes
    }

    /// Runs it with stdin of this process, and gives its exit status; cancellation ends it politely, with the signal
    /// that this process got.
    ///
    /// - Parameters:
    ///   - readsInput: Whether its stdin is that of this process; it is empty otherwise.
    ///   - relay: Gets what it writes, by lines; nil where it writes to stdout and stderr of this process itself.
    public func runInForeground(
        readsInput: Bool = true, relay: (@Sendable ([UInt8]) -> Void)? = nil
    ) async throws -> Int32 {
        guard let relay else {
            return try await runInForeground(readsInput: readsInput, .standardOutput, .standardError)
        }
        let lines = try RelayedLines(relay)
        defer { lines.close() }
        let status = try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await onOwnThread { try lines.run() } }
            defer { lines.end() }
            return try await runInForeground(readsInput: readsInput, lines.writing, lines.writing)
        }
        return status
    }

    private func runInForeground(
        readsInput: Bool, _ output: FileDescriptor, _ errors: FileDescriptor
    ) async throws -> Int32 {
        let nothing = readsInput ? nil : try Files.open("/dev/null")
        defer { try? nothing?.close() }
        var options = PlatformOptions()
        // Which signal to pass on is known only when it has come: it is sent below, and the first step only waits.
        options.teardownSequence = [
            .send(signal: Signal(rawValue: 0), allowedDurationToNextStep: .seconds(5)),
            .gracefulShutDown(allowedDurationToNextStep: .seconds(5)),
        ]
        let running = Running()
        return try await checked { folder in
            try await withTaskCancellationHandler {
                try await Subprocess.run(
                    .path(path), arguments: .keeping(arguments), environment: .exactly(environment),
                    workingDirectory: folder, platformOptions: options,
                    input: .fileDescriptor(nothing ?? .standardInput, closeAfterSpawningProcess: false),
                    output: .fileDescriptor(output, closeAfterSpawningProcess: false),
                    error: .fileDescriptor(errors, closeAfterSpawningProcess: false)
                ) { running.pid.store($0.processIdentifier.value, ordering: .releasing) }
                .terminationStatus.exitStatus
            } onCancel: {
                let pid = running.pid.load(ordering: .acquiring)
                if pid > 0 { kill(pid, EndingSignal.received ?? SIGTERM) }
            }
        }
    }

    /// The process of a program that runs in the foreground.
    private final class Running: Sendable {
        let pid = Atomic<pid_t>(0)
    }

    /// Why a file cannot be started, where the file itself tells; nil where it does not.
    private static func obstacle(to path: FilePath) -> String? {
        guard let status = try? FileStatus.of(path, followLinks: true) else { return nil }
        if status.kind != .file { return status.kind.complaint }
        guard let descriptor = try? Files.open(path) else { return nil }
        defer { try? descriptor.close() }
        var start = [UInt8](repeating: 0, count: 256)
        start = Array(start[..<((try? Files.read(descriptor, into: &start, named: path.string)) ?? 0)])
        if start.starts(with: "#!".utf8) {
            let line = start.dropFirst(2).prefix { $0 != UInt8(ascii: "\n") }
            let text = String(decoding: line, as: UTF8.self)
            let interpreter = text.unicodeScalars.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }
            let word = String(String.UnicodeScalarView(interpreter))
            if word.hasSuffix("\r") {
                return
                    "its first line ends in CR LF, so its interpreter would be \(word.dropLast())\\r; save it with LF"
            }
            if !word.isEmpty, !Files.exists(FilePath(word)) { return "its interpreter \(word) is not there" }
        }
        return status.isExecutable ? nil : "it is not executable (chmod +x \(ShellWord.quoted(path.string)))"
    }

    private func checked<Result: Sendable>(_ body: (FilePath?) async throws -> Result) async throws -> Result {
        Unfinished.begin()
        defer { Unfinished.end() }
        do {
            return try await PlainPath.linking(workingFolder: folder, environment: environment, body)
        } catch let error as SubprocessError {
            if error.code == .outputLimitExceeded {
                throw ProgramError(program: name, reason: "its output is too long", isGivenUp: true)
            }
            throw ProgramError(program: name, reason: Self.obstacle(to: path) ?? "\(error)")
        }
    }
}
