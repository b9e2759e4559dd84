import SystemCalls
import SystemPackage

extension Engine {
    /// The values that the log of a build may not hold; a short one stands anywhere by chance.
    func secretValues(_ request: BuildRequest) -> [String] {
        let variables = request.secrets.compactMap { secret -> String? in
            if case .variable(let name) = secret.source { environment[name] } else { nil }
        }
        return (request.secretArguments.map(\.value) + variables).filter { $0.utf8.count >= 6 }
    }

    /// Gives the files of secrets paths that no engine's option takes apart; fails where a secret cannot be had.
    func linkSecrets(
        _ request: BuildRequest, _ builder: Builder, in scratch: FilePath
    ) throws -> [String: FilePath] {
        var links: [String: FilePath] = [:]
        func refuse(_ reason: String) -> EngineError {
            EngineError(.buildFailed(step: nil), "cannot build \(request.name): \(reason)")
        }
        if !request.secrets.isEmpty, case .tar = builder.input {
            throw refuse("\(builder.name) does not support secrets; build with BuildKit, podman or buildah")
        }
        for (number, secret) in request.secrets.enumerated() {
            switch secret.source {
            case .variable(let name):
                if environment[name] == nil {
                    throw refuse("the variable \(name) of the secret \(secret.id) is not set")
                }
            case .file(let path):
                guard try FileStatus.of(path, followLinks: true)?.kind == .file else {
                    throw refuse("the file \(path) of the secret \(secret.id) is no file")
                }
                let link = scratch.appending("secret-\(number)")
                try Files.makeLink(link, to: path.string)
                links[secret.id] = link
            }
        }
        return links
    }
}

extension Finished {
    /// The same without what may not be shown.
    func hiding(_ hide: (String) -> String) -> Finished {
        Finished(
            command: command, ending: ending, outputBytes: outputBytes, errorLines: errorLines.map(hide),
            transferError: transferError)
    }
}
