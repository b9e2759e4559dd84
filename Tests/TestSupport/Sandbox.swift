import Foundation
import Subprocess
import SystemPackage

/// A scratch folder with its own HOME and Git configuration, in which programs run without seeing the machine's own.
///
/// `KEEP_SANDBOX=1` keeps the folder and prints its path.
public final class Sandbox: Sendable {
    /// The scratch folder; `home` is its HOME.
    public let root: FilePath
    /// The environment of programs that run here.
    public let environment: [String: String]

    private init(root: FilePath, environment: [String: String]) {
        self.root = root
        self.environment = environment
    }

    /// Makes a sandbox, runs `body` in it and removes it.
    public static func with<Result>(_ body: (Sandbox) async throws -> Result) async throws -> Result {
        let manager = FileManager.default
        let base = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
        let path = base + "/cache-image-test-" + String(UInt64.random(in: 0 ... .max), radix: 36)
        try manager.createDirectory(atPath: path + "/home", withIntermediateDirectories: true)
        defer {
            if ProcessInfo.processInfo.environment["KEEP_SANDBOX"] == "1" {
                FileHandle.standardError.write(Data("kept \(path)\n".utf8))
            } else {
                try? manager.removeItem(atPath: path)
            }
        }
        let inherited = ProcessInfo.processInfo.environment
        var environment: [String: String] = [
            "HOME": path + "/home", "XDG_CONFIG_HOME": path + "/home/.config", "XDG_CACHE_HOME": path + "/home/.cache",
            "GIT_CONFIG_SYSTEM": path + "/home/.gitconfig-system", "GIT_CONFIG_GLOBAL": path + "/home/.gitconfig",
            "GIT_AUTHOR_NAME": "A Tester", "GIT_AUTHOR_EMAIL": "tester@example.org",
            "GIT_COMMITTER_NAME": "A Tester", "GIT_COMMITTER_EMAIL": "tester@example.org",
            "GIT_AUTHOR_DATE": "2026-01-02T03:04:05Z", "GIT_COMMITTER_DATE": "2026-01-02T03:04:05Z",
            "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C.UTF-8", "TZ": "UTC",
        ]
        environment["PATH"] = inherited["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        environment["TMPDIR"] = base
        try Data("[init]\n\tdefaultBranch = main\n".utf8).write(to: URL(fileURLWithPath: path + "/home/.gitconfig"))
        return try await body(Sandbox(root: FilePath(path), environment: environment))
    }

    /// A path below the scratch folder.
    public func path(_ relative: String) -> FilePath {
        relative.hasPrefix("/") ? FilePath(relative) : root.pushing(FilePath(relative))
    }

    /// Writes a text file below the scratch folder, with the folders above it.
    public func write(_ relative: String, _ text: String, permissions: Int = 0o644) throws {
        try write(relative, bytes: Array(text.utf8), permissions: permissions)
    }

    /// Writes a file below the scratch folder, with the folders above it.
    public func write(_ relative: String, bytes: [UInt8], permissions: Int = 0o644) throws {
        let target = path(relative).string
        let folder = (target as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(fileURLWithPath: target))
        try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: target)
    }

    /// Reads a file below the scratch folder.
    public func read(_ relative: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: path(relative).string)))
    }

    /// Reads a text file below the scratch folder.
    public func text(_ relative: String) throws -> String {
        String(decoding: try read(relative), as: UTF8.self)
    }

    /// Runs a program of PATH (or at an absolute path, or one of this package's own) and waits for its end.
    @discardableResult
    public func run(
        _ program: String, _ arguments: [String] = [], in folder: String = "", input: [UInt8] = [],
        environment extra: [String: String?] = [:]
    ) async throws -> CommandResult {
        var variables: [Environment.Key: String] = [:]
        for (name, value) in environment { variables[Environment.Key(stringLiteral: name)] = value }
        for (name, value) in extra { variables[Environment.Key(stringLiteral: name)] = value }
        let executable: Executable
        if let own = ownProgram(program) {
            executable = .path(own)
        } else if program.contains("/") {
            executable = .path(FilePath(program))
        } else {
            executable = .path(Self.find(program, in: extra["PATH"].flatMap { $0 } ?? environment["PATH"] ?? ""))
        }
        let result = try await Subprocess.run(
            executable, arguments: Arguments(arguments), environment: .custom(variables),
            workingDirectory: folder.isEmpty ? root : path(folder), input: .array(input),
            output: .bytes(limit: 256 << 20), error: .bytes(limit: 256 << 20))
        let status: Int32 =
            switch result.terminationStatus {
            case .exited(let code): code
            case .signaled(let signal): 128 + signal
            }
        return CommandResult(
            command: ([program] + arguments).joined(separator: " "), status: status,
            outputBytes: result.standardOutput, errorBytes: result.standardError)
    }

    /// The path of a program that this package builds, beside the running tests (or in CACHE_IMAGE_BIN_DIR).
    private func ownProgram(_ name: String) -> FilePath? {
        ["cache-image", "run-tests", "image-composer"].contains(name) ? Self.products.appending(name) : nil
    }

    /// The folder of the built programs.
    public static var products: FilePath {
        if let folder = ProcessInfo.processInfo.environment["CACHE_IMAGE_BIN_DIR"] { return FilePath(folder) }
        let runner = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return FilePath(runner).removingLastComponent()
    }

    /// Looks a program up in a search path; its bare name where it is not there.
    public static func find(_ program: String, in searchPath: String) -> FilePath {
        for folder in searchPath.split(separator: ":") {
            let candidate = "\(folder)/\(program)"
            if FileManager.default.isExecutableFile(atPath: candidate) { return FilePath(candidate) }
        }
        return FilePath(program)
    }
}
