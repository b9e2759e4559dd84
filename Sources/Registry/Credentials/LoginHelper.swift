import JSON
import Programs

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
        let helper = try? ChildProgram("docker-credential-" + name, ["get"], in: nil, environment: environment)
        guard let result = try? await helper?.runForLogin(input: Array(server.utf8)), result.isSuccess,
            let answer = try? JSONValue(parsing: result.output)
        else { return nil }
        return Login(helper: answer)
    }
}
