import Glibc
import SystemPackage

extension Engine {
    /// Finds the engine: the preferred one, else the first of podman, docker, buildah that answers.
    ///
    /// - Parameters:
    ///   - preferred: the engine that a flag, the environment or the configuration names; nil to look for one.
    ///   - environment: the environment in which it runs; its PATH is searched.
    ///   - note: told what was done to suit this machine.
    ///   - warn: told what containers do without here, with the next command, each time.
    public static func find(
        preferred: Kind?, environment: [String: String], note: @escaping @Sendable (String) -> Void = { _ in },
        warn: @escaping @Sendable (String, String?) -> Void = { _, _ in }
    ) async throws -> Engine {
        let answer = try await EngineSearch(preferred, environment: environment).run()
        guard let finding = answer.finding else { throw answer.error }
        return Engine(finding, environment: environment, note: note, warn: warn)
    }

    /// The absolute path of a program on PATH.
    static func program(_ name: String, environment: [String: String]) -> FilePath? {
        for folder in (environment["PATH"] ?? standardPath).split(separator: ":") {
            let path = FilePath(String(folder)).appending(name)
            if path.isAbsolute, path.withPlatformString({ access($0, X_OK) }) == 0 { return path }
        }
        return nil
    }
}
