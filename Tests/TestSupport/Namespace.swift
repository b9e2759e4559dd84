import Glibc
import SystemPackage

/// Runs a program where the machine looks poorer than it is: a mount namespace of its own.
public enum Namespace {
    /// Whether there can be one: as root, or under REQUIRE_TOOLS=1.
    public static var isAvailable: Bool {
        Requirements.tools("unshare", "mount") && (geteuid() == 0 || Requirements.tools("newuidmap"))
    }

    /// The program and arguments that run a command after `setup`, a text of the shell, has changed the mounts.
    public static func command(_ setup: String, _ words: [String]) -> (program: String, arguments: [String]) {
        ("unshare", [geteuid() == 0 ? "-m" : "-rm", "sh", "-ec", setup + "\nexec \"$@\"", "sh"] + words)
    }

    /// The setup for an empty /proc.
    public static let withoutProc = "mount -t tmpfs none /proc"

    /// The setup that makes a shared library unreadable, wherever it lies.
    public static func withoutLibrary(_ name: String) -> String {
        """
        for file in $(ldconfig -p | awk -v name=\(name) '$1 == name { print $NF }'); do
            mount --bind /dev/null "$(readlink -f "$file")"
        done
        """
    }

    /// The setup in which the current folder can only be read.
    public static let readOnlyFolder = "mount --bind . . && mount -o remount,bind,ro \"$PWD\" && cd \"$PWD\""
}

extension Sandbox {
    /// Runs a program of this package in a mount namespace of its own.
    public func run(
        _ program: String, _ arguments: [String] = [], after setup: String, in folder: String = "", input: String? = nil
    ) async throws -> CommandResult {
        var setup = setup
        // A file, since a program that does not read would make the test write to a pipe that nobody reads.
        if let input {
            try write("input", input)
            setup += "\nexec <'\(path("input"))'"
        }
        let command = Namespace.command(setup, [Self.products.appending(program).string] + arguments)
        // ldconfig lies outside the PATH of users.
        let path = (environment["PATH"] ?? "") + ":/usr/sbin:/sbin"
        return try await run(
            command.program, command.arguments, in: folder, environment: ["PATH": path])
    }
}
