import Programs
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

    /// Whether there is a `git`.
    public var isInstalled: Bool { (try? ChildProgram("git", [], in: folder, environment: environment)) != nil }

    /// Runs `git ARGUMENTS…` and waits for its end; nil where there is no `git`.
    public func run(_ arguments: [String], input: [UInt8] = []) async throws -> ProgramResult? {
        guard let git = try? ChildProgram("git", arguments, in: folder, environment: environment) else { return nil }
        return try await git.run(input: input, outputLimit: 256 << 20)
    }
}
