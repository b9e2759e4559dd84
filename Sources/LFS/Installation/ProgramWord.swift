import SystemCalls
import SystemPackage

/// The words by which Git's shell starts this program.
public enum ProgramWord {
    /// The bare name where PATH leads to this very file, else its absolute path, quoted where the shell needs it.
    public static func forShell(_ program: FilePath, environment: [String: String]) -> String {
        if let name = program.lastComponent?.string, let found = find(name, environment),
            (try? Files.realPath(found)) == (try? Files.realPath(program))
        {
            return name
        }
        return quoted(program.string)
    }

    /// The file that runs this process.
    public static var current: FilePath {
        ProgramFile.current ?? "cache-image"
    }

    /// Looks a program up in PATH.
    static func find(_ name: String, _ environment: [String: String]) -> FilePath? {
        for folder in (environment["PATH"] ?? "").split(separator: ":") {
            let candidate = FilePath(String(folder)).appending(name)
            if let status = (try? FileStatus.of(candidate, followLinks: true)) ?? nil, status.kind == .file,
                status.permissions & 0o111 != 0
            {
                return candidate
            }
        }
        return nil
    }

    /// A word of the shell.
    static func quoted(_ word: String) -> String {
        let plain = word.utf8.allSatisfy { byte in
            (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z")
                || (UInt8(ascii: "-")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "_")
        }
        return plain && !word.isEmpty ? word : "'" + word.replacing("'", with: "'\\''") + "'"
    }

    /// The first word of a shell command, quotes taken away.
    static func first(of command: String) -> String {
        var word = ""
        var quote: Character?
        for character in command {
            if let open = quote {
                if character == open { quote = nil } else { word.append(character) }
            } else if character == "'" || character == "\"" {
                quote = character
            } else if character == " " {
                if !word.isEmpty { break }
            } else {
                word.append(character)
            }
        }
        return word
    }
}
