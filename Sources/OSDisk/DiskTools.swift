import OSTemplate
import Programs
import SystemCalls
import SystemPackage

/// How the programs of a build are run: in the scratch folder, with an environment of their own.
struct DiskTools: Sendable {
    /// The folder in which they run; names without a folder are files of it.
    let folder: FilePath
    /// All variables that they see.
    let environment: [String: String]

    /// Prepares a fresh folder for the programs.
    init(folder: FilePath, path: String?) throws {
        self.folder = folder
        let configuration = folder.appending("mke2fs.conf")
        try Files.replace(configuration, with: Array(ExtFileSystem.configuration.utf8))
        let time = "\(RecipeVersion.sourceDate)"
        environment = [
            "PATH": path ?? ProgramSearch.standardPath, "HOME": folder.string, "TMPDIR": folder.string,
            "LC_ALL": "C.UTF-8", "TZ": "UTC", "SOURCE_DATE_EPOCH": time, "E2FSPROGS_FAKE_TIME": time,
            "MKE2FS_CONFIG": configuration.string, "MTOOLSRC": "/dev/null",
        ]
    }

    /// Runs a program to its end; nothing of it is left when the task is cancelled.
    ///
    /// - Parameters:
    ///   - program: The program's name on PATH.
    ///   - arguments: Its arguments; paths are relative to the folder, or absolute.
    ///   - artifact: What it makes, for messages.
    ///   - input: What it reads from stdin.
    ///   - changes: Variables that it sees besides.
    @discardableResult
    func run(
        _ program: String, _ arguments: [String], for artifact: String, input: [UInt8] = [],
        changes: [String: String] = [:]
    ) async throws -> ProgramResult {
        try Task.checkCancellation()
        let result: ProgramResult
        do {
            let file = input.isEmpty ? nil : folder.appending("input")
            if let file { try Files.replace(file, with: input) }
            let contained = ContainedProgram(
                [program] + arguments, in: folder, environment: environment.merging(changes) { $1 }, view: .noNetwork)
            result = try await contained.run(input: file)
        } catch let error as ProgramError {
            try Task.checkCancellation()
            throw DiskError.making(artifact, .tool, error.description)
        }
        try Task.checkCancellation()
        if !result.isSuccess { throw failure(program, result, for: artifact) }
        return result
    }

    /// What a program's failure means.
    func failure(_ program: String, _ result: ProgramResult, for artifact: String) -> DiskError {
        let said = result.errorText + "\n" + result.text
        let room = DiskSpace.of(folder)?.available ?? .max
        if said.contains("No space left on device") || said.contains("ENOSPC") || room < 1 << 20 {
            return .making(
                artifact, .space, "\(program): no space left on the file system of \(folder.string)",
                hint: "make room there, or choose another folder with --work-dir")
        }
        return .making(artifact, .tool, "\(program): \(Self.lastLine(result))")
    }

    /// The last line that a program wrote, to stderr if it wrote there.
    static func lastLine(_ result: ProgramResult) -> String {
        for text in [result.errorText, result.text] {
            let lines = text.split(whereSeparator: \.isNewline).filter { !$0.allSatisfy(\.isWhitespace) }
            if let line = lines.last { return Printable.escaped(String(line.prefix(300))) }
        }
        return "exit status \(result.status)"
    }
}
