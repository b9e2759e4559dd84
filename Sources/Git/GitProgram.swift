import Subprocess
import SystemCalls
import SystemPackage

/// The `git` program, for what libgit2 cannot do.
public struct GitProgram: Sendable {
    private let environment: [String: String]
    private let folder: FilePath

    /// Uses the `git` of PATH in a folder, with the environment given.
    public init(in folder: FilePath, environment: [String: String] = ProcessEnvironment.current) {
        self.folder = folder
        self.environment = environment
    }

    /// What the program said, and how it ended.
    public struct Output: Sendable {
        /// The exit status, or 128 and the signal.
        public let status: Int32
        /// What it wrote to stdout.
        public let output: [UInt8]
        /// What it wrote to stderr, as text.
        public let errorText: String
    }

    /// Runs `git ARGUMENTS…` and waits for its end; nil where there is no `git`.
    public func run(_ arguments: [String], input: [UInt8] = []) async throws -> Output? {
        guard let program = Self.find(environment) else { return nil }
        var variables: [Environment.Key: String] = [:]
        for (name, value) in environment { variables[Environment.Key(stringLiteral: name)] = value }
        let result = try await Subprocess.run(
            .path(program), arguments: Arguments(arguments), environment: .custom(variables), workingDirectory: folder,
            input: .array(input), output: .bytes(limit: 256 << 20), error: .string(limit: 1 << 20))
        let status: Int32 =
            switch result.terminationStatus {
            case .exited(let code): code
            case .signaled(let signal): 128 + signal
            }
        return Output(status: status, output: result.standardOutput, errorText: result.standardError)
    }

    private static func find(_ environment: [String: String]) -> FilePath? {
        for folder in (environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":") {
            let candidate = FilePath(String(folder)).appending("git")
            if let status = (try? FileStatus.of(candidate, followLinks: true)) ?? nil, status.kind == .file,
                status.isExecutable
            {
                return candidate
            }
        }
        return nil
    }
}
