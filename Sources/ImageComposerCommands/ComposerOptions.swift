import ArgumentParser
import CommandSession
import Console
import Glibc
import OSComposer
import OSTemplate
import Programs
import SystemCalls
import SystemPackage

/// The flags that every command takes.
struct ComposerOptions: ParsableArguments {
    @Option(
        name: .customShort("C"), parsing: .unconditional,
        help: ArgumentHelp("Run as if started in this folder.", valueName: "dir"))
    var folder: String?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The configuration (default /etc/os-image-composer/config.yml).", valueName: "file"))
    var config: String?
    @Option(
        name: .customLong("cache-dir"), parsing: .unconditional,
        help: ArgumentHelp("Where packages and finished images are kept.", valueName: "dir"))
    var cacheFolder: String?
    @Option(
        name: .customLong("work-dir"), parsing: .unconditional,
        help: ArgumentHelp("Where trees are kept and outputs are made.", valueName: "dir"))
    var workFolder: String?
    @Flag(help: "Write JSON to stdout.") var json = false
    @Flag(name: .shortAndLong, help: "Print errors and warnings only.") var quiet = false
    @Flag(name: .shortAndLong, help: "Print more; twice for everything.") var verbose: Int
    @Option(parsing: .unconditional, help: "auto, always or never.") var color: String?
    @Option(parsing: .unconditional, help: "auto, plain, json or none.") var progress: String?

    /// The terminal that the flags ask for; the process moves to the folder of `-C`.
    func start() throws -> Terminal {
        let environment = ProcessEnvironment.current
        if let folder {
            _ = ProgramFile.current
            if chdir(folder) != 0 {
                throw Failure(.usage, "cannot change to folder \(folder): \(String(cString: strerror(errno)))")
            }
        }
        let display = try DisplayOptions(
            color: color, progress: progress, isQuiet: quiet, verbosity: verbose, isJSON: json,
            environment: environment)
        return Terminal(display, program: ImageComposerCommand.programName, environment: environment)
    }

    /// The configuration, flags over file.
    func configuration() throws -> ComposerConfiguration {
        var configuration = try reported {
            try ComposerConfiguration.load(config.map { FilePath($0) }, environment: ProcessEnvironment.current)
        }
        if let cacheFolder { configuration.cacheFolder = try absolute(cacheFolder) }
        if let workFolder { configuration.workFolder = try absolute(workFolder) }
        return configuration
    }

    private func absolute(_ text: String) throws -> FilePath {
        if text.isEmpty { throw Failure(.usage, "cannot use an empty path for a folder") }
        return try Files.currentFolder().pushing(FilePath(text)).lexicallyNormalized()
    }
}

/// Runs a body; its errors become failures with exit codes.
func reported<Result>(_ body: () throws -> Result) throws -> Result {
    do {
        return try body()
    } catch {
        throw Failure.ofComposer(error)
    }
}

/// Runs a body; its errors become failures with exit codes.
func reported<Result>(_ body: () async throws -> Result) async throws -> Result {
    do {
        return try await body()
    } catch {
        throw Failure.ofComposer(error)
    }
}
