import Glibc
import Subprocess
import Synchronization
import SystemCalls
import SystemPackage

/// A program that works for a build as root: whatever it starts ends with it, with its task, and with this process.
///
/// It runs in a PID namespace of its own, whose first process ends everything in it as soon as this process is gone: it
/// reads a pipe that only this process holds open. `kill -9` of this process closes the pipe.
public struct ContainedProgram: Sendable {
    /// What it sees of the machine, beside a `/proc` of its own.
    public struct View: OptionSet, Sendable {
        /// For the option set.
        public let rawValue: Int

        /// No network, not even the loopback device.
        public static let noNetwork = View(rawValue: 1)
        /// Mounts of its own, which vanish with it.
        public static let ownMounts = View(rawValue: 2)

        /// For the option set.
        public init(rawValue: Int) { self.rawValue = rawValue }
    }

    /// The words: the program, which is looked up in the PATH of `environment`, and its arguments.
    public var words: [String]
    /// The folder in which it runs; nil for that of this process.
    public var folder: FilePath?
    /// All variables that it sees.
    public var environment: [String: String]
    /// What it sees.
    public var view: View

    /// How many bytes of stderr are kept, the last ones.
    private static let keptErrors = 64 << 10
    /// The first process of the namespace.
    private static let keeper = """
        exec 3<&0; input=$1; shift; "$@" <"$input" 3<&- & child=$!; (cat <&3 >/dev/null; kill -KILL -1) 2>/dev/null & exec 3<&-; \
        wait $child; exit $?
        """

    /// Names a program.
    public init(
        _ words: [String], in folder: FilePath? = nil, environment: [String: String], view: View = []
    ) {
        self.words = words
        self.folder = folder
        self.environment = environment
        self.view = view
    }

    /// Runs it to its end; a cancelled task ends it.
    ///
    /// - Parameters:
    ///   - input: The file that is its stdin; nil for nothing.
    ///   - outputLimit: The most bytes of stdout; more are an error.
    ///   - line: Gets each line of stderr as it comes, without its end.
    public func run(
        input: FilePath? = nil, outputLimit: Int = InputLimit.programOutput,
        line: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws -> ProgramResult {
        let name = words.first ?? ""
        guard name.contains("/") || ProgramSearch.find(name, environment: environment) != nil else {
            throw ProgramError(program: name, reason: "it is not on PATH")
        }
        guard let unshare = ProgramSearch.find("unshare", environment: environment) else {
            throw ProgramError(program: "unshare", reason: "it is not on PATH")
        }
        var arguments = ["--pid", "--fork", "--kill-child", "--mount-proc"]
        if view.contains(.noNetwork) { arguments.append("--net") }
        if view.contains(.ownMounts) { arguments.append("--mount") }
        arguments += ["--", "/bin/sh", "-c", Self.keeper, "sh", (input ?? "/dev/null").string] + words
        let pipe = try Pipe()
        defer { try? pipe.writing.close() }
        Unfinished.begin()
        defer { Unfinished.end() }
        do {
            let result = try await Subprocess.run(
                .path(unshare), arguments: .keeping(arguments), environment: .exactly(environment),
                workingDirectory: folder, input: .fileDescriptor(pipe.reading, closeAfterSpawningProcess: true),
                output: .sequence, error: .sequence
            ) { execution in
                let (output, errors) = (execution.standardOutput, execution.standardError)
                async let said = Self.lines(of: errors, line)
                var written: [UInt8] = []
                for try await part in output {
                    if written.count + part.count > outputLimit {
                        throw ProgramError(
                            program: name, reason: "it writes more than \(outputLimit) bytes", isGivenUp: true)
                    }
                    part.withUnsafeBytes { written += $0 }
                }
                return (written, try await said)
            }
            try Task.checkCancellation()
            return ProgramResult(
                status: result.terminationStatus.exitStatus, output: result.closureResult.0,
                errors: result.closureResult.1)
        } catch let error as SubprocessError {
            try Task.checkCancellation()
            throw ProgramError(program: name, reason: "\(error)")
        }
    }

    private static func lines(
        of stream: SubprocessOutputSequence, _ line: @Sendable (String) -> Void
    ) async throws -> [UInt8] {
        var kept: [UInt8] = []
        var rest: [UInt8] = []
        for try await part in stream {
            part.withUnsafeBytes { rest += $0 }
            while let end = rest.firstIndex(where: { $0 == 0x0A || $0 == 0x0D }) {
                line(String(decoding: rest[..<end], as: UTF8.self))
                kept += rest[...end]
                rest.removeSubrange(...end)
            }
            if rest.count > keptErrors { rest.removeFirst(rest.count - keptErrors) }
            if kept.count > 2 * keptErrors { kept.removeFirst(kept.count - keptErrors) }
        }
        if !rest.isEmpty { line(String(decoding: rest, as: UTF8.self)) }
        return Array((kept + rest).suffix(keptErrors))
    }
}
