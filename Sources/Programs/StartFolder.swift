import Synchronization
import SystemCalls
import SystemPackage

/// The folder in which the user stands, from which the commands of hints are run; `-C` does not move the user.
public enum StartFolder {
    private static let known = Mutex<FilePath?>(nil)

    /// Notes the current folder as that of the user.
    public static func note() {
        let folder = try? Files.currentFolder()
        known.withLock { $0 = folder }
    }

    /// The words that run a program in a folder, for a hint.
    ///
    /// - Parameters:
    ///   - program: The program, which takes `-C FOLDER`.
    ///   - folder: The folder; nil where there is none.
    ///   - otherwise: How the folder is named where it is not known where the user stands.
    public static func command(_ program: String, in folder: FilePath?, otherwise: String = ".") -> String {
        command(program, in: folder, from: known.withLock { $0 }, otherwise: otherwise)
    }

    static func command(
        _ program: String, in folder: FilePath?, from start: FilePath?, otherwise: String = "."
    ) -> String {
        var path = otherwise
        if let start, let folder {
            path = folder.seen(from: start)
            if folder.string.utf8.count < path.utf8.count { path = folder.string }
        }
        return path == "." ? program : "\(program) -C \(ShellWord.quoted(path))"
    }
}
