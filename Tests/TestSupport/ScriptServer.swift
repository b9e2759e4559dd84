import Foundation
import JSON
import SystemPackage

/// A server written as a Python script of Tests/Support: started on a free port of 127.0.0.1, ended by its pid.
///
/// The script's first argument is the file of its log, one line of JSON per request; its first line on stdout is the port.
public final class ScriptServer: Sendable {
    /// The port that it listens to.
    public let port: Int
    private let logPath: FilePath

    /// Whether the scripts can run here.
    public static var isAvailable: Bool { Requirements.tools("python3") }

    /// The folder of the scripts.
    public static var folder: FilePath {
        FilePath(#filePath).removingLastComponent().removingLastComponent().appending("Support")
    }

    /// The address of its root.
    public var url: String { "http://127.0.0.1:\(port)" }

    private init(port: Int, logPath: FilePath) {
        self.port = port
        self.logPath = logPath
    }

    /// Starts a script, runs `body` and ends the script.
    public static func with<Result>(
        _ script: String, _ arguments: [String] = [], in sandbox: Sandbox, environment: [String: String] = [:],
        interpreter: FilePath? = nil,
        _ body: (ScriptServer) async throws -> Result
    ) async throws -> Result {
        let log = sandbox.root.appending("\(script)-\(UInt32.random(in: 0 ... .max)).log")
        let process = Process()
        let program = interpreter ?? Sandbox.find("python3", in: sandbox.environment["PATH"] ?? "")
        process.executableURL = URL(fileURLWithPath: program.string)
        process.arguments = [folder.appending(script).string, log.string] + arguments
        process.environment = sandbox.environment.merging(environment) { $1 }
        process.currentDirectoryURL = URL(fileURLWithPath: sandbox.root.string)
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        // Foundation starts children with SIGTERM blocked.
        defer { kill(process.processIdentifier, SIGKILL) }
        var line = Data()
        while line.last != 0x0A {
            let more = output.fileHandleForReading.availableData
            if more.isEmpty { throw NotStarted(script: script) }
            line += more
        }
        guard let port = Int(String(decoding: line.dropLast(), as: UTF8.self)) else {
            throw NotStarted(script: script)
        }
        return try await body(ScriptServer(port: port, logPath: log))
    }

    /// The requests so far.
    public func requests() throws -> [JSONValue] {
        guard let data = FileManager.default.contents(atPath: logPath.string) else { return [] }
        return try data.split(separator: 0x0A).map { try JSONValue(parsing: $0) }
    }

    struct NotStarted: Error {
        let script: String
    }
}
