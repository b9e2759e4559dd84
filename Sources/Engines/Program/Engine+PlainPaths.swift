import Programs
import SystemPackage

extension Engine {
    /// Runs `body` with paths that can stand in any argument: each as it is, or a link to it that lives as long.
    func withPlainPaths<Result>(
        _ paths: [FilePath], _ body: ([FilePath]) async throws -> Result
    ) async throws -> Result {
        try await PlainPath.linking(paths, unless: PlainPath.isPlain, environment: environment, body)
    }
}
