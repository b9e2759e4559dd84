import Dockerfile

/// Reads any bytes as a Dockerfile and evaluates it, with a base image that is known and with one that is not.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzDockerfile(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let text = Array(UnsafeBufferPointer(start: start, count: count))
    let request = StageRequest(
        arguments: ["A": "x y", "B": ""], platform: .init(architecture: "amd64"), labels: ["l": "v"])
    let image = BaseImage(
        environment: ["PATH=/bin", "X=1"], workingDirectory: "/w", user: "u", shell: ["/bin/bash", "-c"],
        onBuild: ["RUN on $A", "COPY here /there"])
    _ = DockerfileSyntax.frontend(of: text)
    _ = DockerfileSyntax.baseReferences(of: text, request: request)
    guard let syntax = try? DockerfileSyntax(text) else { return 0 }
    _ = try? syntax.reduced(to: request)
    let unlocked = try? BuildPlan(syntax, request: request) { _ in nil }
    let locked = try? BuildPlan(syntax, request: request) { _ in image }
    // A base image that is not known is never a reason to see less: its ONBUILD triggers are all that it may hide.
    if let unlocked, let locked, !unlocked.needsWholeContext {
        precondition(unlocked.stages.count <= locked.stages.count)
    }
    return 0
}
