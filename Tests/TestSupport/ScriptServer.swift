import Foundation
import Glibc
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
        let program = interpreter ?? Sandbox.find("python3", in: sandbox.environment["PATH"] ?? "")
        let answer = try Answer()
        let process = try ChildProcess(
            program, [folder.appending(script).string, log.string] + arguments,
            environment: sandbox.environment.merging(environment) { $1 }.merging(["PYTHONDONTWRITEBYTECODE": "1"]) {
                $1
            },
            output: answer.writing)
        defer { process.end() }
        guard let port = Int(try answer.line()) else { throw NotStarted(script: script) }
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

    /// Two connected sockets, from one of which the first line that a program writes is read.
    private struct Answer {
        let reading: FileDescriptor
        let writing: FileDescriptor

        init() throws {
            var ends: [Int32] = [0, 0]
            // Unlike pipe's, these ends never leak into a program that another test starts.
            let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
            if socketpair(AF_UNIX, kind, 0, &ends) != 0 { throw Errno(rawValue: errno) }
            (reading, writing) = (FileDescriptor(rawValue: ends[0]), FileDescriptor(rawValue: ends[1]))
        }

        /// The line; empty where the program ends before.
        ///
        /// The sockets are closed afterwards.
        func line() throws -> String {
            try writing.close()
            defer { try? reading.close() }
            var line: [UInt8] = []
            var byte: [UInt8] = [0]
            while try byte.withUnsafeMutableBytes({ try reading.read(into: $0) }) == 1, byte[0] != 0x0A { line += byte }
            return String(decoding: line, as: UTF8.self)
        }
    }
}
