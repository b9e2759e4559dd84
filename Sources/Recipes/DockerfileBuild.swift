import Configuration
import Context
import DockerfileRecipe
import Git
import Hashing
import Records
import SystemPackage

/// The recipe that is a Dockerfile.
struct DockerfileBuild: Recipe {
    let declaration: ImageDeclaration
    let image: DockerfileImage

    var inputs: ImageInputs { image.inputs }

    func verify(repository: Repository?) throws(InputsError) -> [Reason] {
        try image.verify(repository: repository)
    }

    func stage(
        in folder: FilePath, repository: Repository?, object: (SHA256Digest) -> FilePath?
    ) throws(InputsError) -> any StagedRecipe {
        if let repository { try refuseAbsentContexts(in: repository) }
        return StagedDockerfile(
            declaration: declaration, context: try CanonicalContext.stage(image, in: folder, object: object))
    }

    /// Refuses additional build contexts, which the engine takes from the work tree, where Git's files are absent.
    private func refuseAbsentContexts(in repository: Repository) throws(InputsError) {
        let options = declaration.buildOptions
        for (position, option) in options.enumerated() where option.hasPrefix("--build-context") {
            let value =
                option == "--build-context"
                ? options.dropFirst(position + 1).first ?? ""
                : String(option.dropFirst("--build-context=".count))
            guard let separator = value.firstIndex(of: "=") else { continue }
            let path = FilePath(String(value[value.index(after: separator)...]))
            // What is no folder here (an image, a URL) has none that could be tracked.
            if let refusal = try InputsError.absence(
                below: inputs.request.configurationFolder.pushing(path).lexicallyNormalized(), in: repository,
                root: inputs.request.root)
            {
                throw refusal
            }
        }
    }
}
