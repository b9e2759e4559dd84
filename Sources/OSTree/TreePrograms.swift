import OSTemplate
import Programs
import SystemCalls
import SystemPackage

/// The programs that work on a tree, each in namespaces of its own: nothing they start or mount outlives them.
struct TreePrograms: Sendable {
    /// All variables that they see.
    let environment: [String: String]
    /// Gets what they say, by lines, escaped.
    let log: @Sendable (String) -> Void

    /// - Parameters:
    ///   - home: A folder of their own.
    ///   - log: Gets what they say.
    init(home: FilePath, log: @escaping @Sendable (String) -> Void) {
        // Nothing of the caller's own: what scripts of packages find must not depend on who builds.
        environment = [
            "PATH": ProgramSearch.standardPath, "HOME": home.string, "TMPDIR": home.string, "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "SOURCE_DATE_EPOCH": String(RecipeVersion.sourceDate), "DEBIAN_FRONTEND": "noninteractive",
            "DEBCONF_NONINTERACTIVE_SEEN": "true", "PYTHONHASHSEED": "0",
        ]
        self.log = log
    }

    /// Runs a program to its end.
    ///
    /// - Parameters:
    ///   - failure: `cannot VERB OBJECT`, for the message.
    ///   - variables: Variables beyond those of all.
    /// - Throws: `TreeError` with the last line that it wrote, where it fails; `CancellationError`.
    @discardableResult
    func run(
        _ words: [String], _ kind: TreeError.Kind = .tool, failure: String, variables: [String: String] = [:],
        hint: String? = nil
    ) async throws -> ProgramResult {
        let program = ContainedProgram(
            ["/bin/sh", "-c", "umask 022; exec \"$@\" 1>&2", "sh"] + words,
            environment: environment.merging(variables) { $1 }, view: [.noNetwork, .ownMounts])
        let result = try await program.run { [log] line in
            if !line.isEmpty { log(Printable.escaped(line)) }
        }
        if result.isSuccess { return result }
        let said = result.errorText.split(separator: "\n").map(String.init).filter { !$0.allSatisfy(\.isWhitespace) }
        // A sum of failures comes last in apt and dpkg; what failed stands before it.
        let reason = said.last { $0.hasPrefix("E: ") || $0.contains("error") } ?? said.last
        throw TreeError(
            kind, "\(failure): \(Printable.escaped(reason ?? "exit status \(result.status)"))", hint: hint)
    }

    /// What makes a tree ready for programs inside: `/proc`, `/dev` and `/run` that vanish with the namespace.
    ///
    /// Its first argument is the tree, whose three folders were seen to be no links; the others are the program.
    static let insideScript = """
        set -e
        root=$1; shift
        mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
        mount -t tmpfs -o mode=755,nosuid dev "$root/dev"
        for node in null:3 zero:5 full:7 random:8 urandom:9; do
            mknod -m 666 "$root/dev/${node%:*}" c 1 "${node#*:}"
        done
        mknod -m 666 "$root/dev/tty" c 5 0
        mkdir -m 1777 "$root/dev/shm"
        ln -s /proc/self/fd "$root/dev/fd"
        ln -s fd/0 "$root/dev/stdin"; ln -s fd/1 "$root/dev/stdout"; ln -s fd/2 "$root/dev/stderr"
        mount -t tmpfs -o mode=755,nosuid,nodev run "$root/run"
        mkdir -m 1777 "$root/run/lock"
        exec "$@"
        """

    /// Makes sure that what is mounted in a tree lies in it.
    static func checkMountPoints(_ tree: InsideTree) throws {
        for name in ["/proc", "/dev", "/run"] {
            let place = tree.root.appending(String(name.dropFirst()))
            switch try FileStatus.of(place)?.kind {
            case .directory: continue
            case nil: try Files.createDirectories(place, permissions: 0o755)
            case .some(let kind):
                throw TreeError(
                    .package, "cannot use \(name) of the tree: \(kind.complaint)",
                    hint: "find the package that makes it, and leave that out")
            }
        }
    }
}
