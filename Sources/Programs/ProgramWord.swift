import SystemCalls
import SystemPackage

/// The words by which Git's shell starts this program.
public enum ProgramWord {
    /// The bare name where PATH leads to this very file, else its absolute path, quoted where the shell needs it.
    public static func forShell(_ program: FilePath, environment: [String: String]) -> String {
        if let name = program.lastComponent?.string, let found = ProgramSearch.find(name, environment: environment),
            (try? Files.realPath(found)) == (try? Files.realPath(program))
        {
            return name
        }
        return ShellWord.quoted(program.string)
    }

    /// The file that runs this process.
    public static var current: FilePath {
        ProgramFile.current ?? "cache-image"
    }
}
