import Foundation
import Glibc
import SystemPackage

/// A program that runs beside a test until it is ended.
///
/// Not Foundation's `Process`, which may crash where many tests start programs at once and blocks SIGTERM in its children.
public final class ChildProcess: Sendable {
    /// The process' number.
    public let pid: pid_t

    /// Starts a program in the test's own folder; stdin is empty, stderr the test's own unless the file takes it as well.
    ///
    /// - Parameters:
    ///   - output: The open file that takes stdout; nil for the test's own.
    ///   - takesErrors: Whether `output` takes stderr, too.
    public init(
        _ program: FilePath, _ arguments: [String] = [], environment: [String: String],
        output: FileDescriptor? = nil, takesErrors: Bool = false
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        if let output {
            posix_spawn_file_actions_adddup2(&actions, output.rawValue, 1)
            if takesErrors { posix_spawn_file_actions_adddup2(&actions, output.rawValue, 2) }
        }
        var words = ([program.string] + arguments).map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for text in words + variables { free(text) } }
        var number: pid_t = 0
        let failure = posix_spawn(&number, program.string, &actions, nil, &words, &variables)
        if failure != 0 { throw Errno(rawValue: failure) }
        pid = number
    }

    /// Kills the program and waits for its end.
    public func end() {
        kill(pid, SIGKILL)
        var status: Int32 = 0
        while waitpid(pid, &status, 0) == -1, errno == EINTR {}
    }
}
