import JSON
import Subprocess

/// A program that keeps logins: `docker-credential-NAME get`.
///
/// https://github.com/docker/docker-credential-helpers
struct LoginHelper: Sendable {
    let name: String
    let environment: [String: String]

    /// The login for a server; nil where the helper knows none, fails or is not installed.
    func login(for server: String) async -> Login? {
        // A name is part of a program's name, never a path.
        if name.contains("/") || name.contains("\0") { return nil }
        var variables: [Environment.Key: String] = [:]
        for (name, value) in environment { variables[Environment.Key(stringLiteral: name)] = value }
        let result = try? await Subprocess.run(
            .name("docker-credential-" + name), arguments: ["get"], environment: .custom(variables),
            input: .array(Array(server.utf8)), output: .bytes(limit: 1 << 20), error: .discarded)
        guard let result, result.terminationStatus.isSuccess,
            let answer = try? JSONValue(parsing: result.standardOutput)
        else { return nil }
        return Login(helper: answer)
    }
}
