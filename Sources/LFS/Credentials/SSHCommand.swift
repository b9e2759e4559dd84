import Programs
import SystemPackage

/// How `ssh` is run: GIT_SSH_COMMAND, `core.sshCommand`, GIT_SSH, else `ssh`, as Git does.
struct SSHCommand: Sendable {
    let configuration: LFSConfiguration
    let folder: FilePath?
    let environment: [String: String]

    /// Runs a command on the host.
    func run(_ target: SSHTarget, _ remote: String) async throws(LFSError) -> ProgramResult {
        let shell = nonEmpty(environment["GIT_SSH_COMMAND"]) ?? nonEmpty(configuration.git.string("core.sshcommand"))
        let program = shell ?? nonEmpty(environment["GIT_SSH"]) ?? "ssh"
        let arguments = self.arguments(for: target, program: program, remote: remote)
        guard let shell else {
            return try await ChildProgram.run(program, arguments, in: folder, environment: environment)
        }
        return try await ChildProgram.run(
            "/bin/sh", ["-c", shell + #" "$@""#, shell] + arguments, in: folder, environment: environment)
    }

    private func nonEmpty(_ text: String?) -> String? {
        text?.isEmpty == true ? nil : text
    }

    private func arguments(for target: SSHTarget, program: String, remote: String) -> [String] {
        let variant = environment["GIT_SSH_VARIANT"] ?? configuration.git.string("ssh.variant") ?? "auto"
        let name = program.split(separator: " ").first?.split(separator: "/").last.map { $0.lowercased() } ?? ""
        let kind = variant == "auto" ? name : variant
        var arguments: [String] = kind == "tortoiseplink" ? ["-batch"] : []
        if let port = target.port, kind != "simple" {
            arguments += [["plink", "putty", "tortoiseplink"].contains(kind) ? "-P" : "-p", port]
        }
        return arguments + [target.userAndHost, remote]
    }
}
