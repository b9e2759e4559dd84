import Dockerfile
import SystemCalls
import Testing

/// Evaluates a text; its base images are locked unless `base` is nil.
func plan(
    _ text: String, target: String? = nil, arguments: [String: String] = [:], labels: [String: String] = [:],
    base: BaseImage? = BaseImage(environment: ["PATH=/usr/bin", "BASE=b"])
) throws -> BuildPlan {
    let request = StageRequest(
        target: target, arguments: arguments, platform: .init(architecture: "amd64"), labels: labels)
    return try BuildPlan(DockerfileSyntax(Array(text.utf8)), request: request) { _ in base }
}

/// The reason and line for which a text is refused; nil where it is not.
func refusal(_ text: String, target: String? = nil, base: BaseImage? = BaseImage()) -> DockerfileError? {
    do {
        _ = try plan(text, target: target, base: base)
        return nil
    } catch {
        return error as? DockerfileError
    }
}

extension BuildPlan {
    /// The operations of the target and of all that it needs, in order.
    var operations: [Dockerfile.Operation] { stages.flatMap(\.operations) }
}

extension Dockerfile.Operation {
    /// The paths among the sources.
    var paths: [String] {
        sources.compactMap { if case .path(let path) = $0 { path.description } else { nil } }
    }

    /// The environment as shown.
    var shownEnvironment: [String: String] { environment.mapValues(\.shown) }
}
