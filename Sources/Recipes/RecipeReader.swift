import Configuration
import Context
import DockerfileRecipe
import Git
import OSRecipe
import Records
import SystemCalls
import SystemPackage

/// Reads the recipes of declared images.
public struct RecipeReader {
    private let repository: Repository?
    private let configurationFolder: FilePath
    private let cacheFolder: FilePath
    private let environment: [String: String]

    /// Describes the project.
    ///
    /// - Parameters:
    ///   - repository: The repository around it; nil outside of one.
    ///   - configurationFolder: The folder that the configuration's paths are relative to.
    ///   - cacheFolder: The folder of the entries, which is never an input; where a link leads to it, its real path.
    ///   - environment: The variables of the caller.
    public init(
        repository: Repository?, configurationFolder: FilePath, cacheFolder: FilePath, environment: [String: String]
    ) {
        self.environment = environment
        self.repository = repository
        self.configurationFolder = configurationFolder
        self.cacheFolder = cacheFolder
    }

    /// Reads what decides an image, base images as `lock` has them; `declared` answers which are declared themselves.
    public func recipe(
        of image: ImageDeclaration, lock: BaseLock, caches: InputCaches,
        declared: (NamedBase) throws(InputsError) -> DeclaredBase?
    ) throws(InputsError) -> any Recipe {
        switch image.recipe {
        case .dockerfile(let path):
            do {
                let read = try DockerfileImage.compute(
                    request(for: image, dockerfile: path), repository: repository, lock: lock, caches: caches,
                    declared: declared)
                return DockerfileBuild(declaration: image, image: read)
            } catch {
                throw error.placed(in: image)
            }
        case .os(let template):
            do {
                let read = try OSImage.compute(
                    request(for: image, template: template), repository: repository, caches: caches)
                return OSBuild(declaration: image, image: read, environment: environment)
            } catch {
                throw error.placed(in: image)
            }
        case .later(let key, let origin):
            throw InputsError(
                .recipe, "cannot make \(image.name) (\(origin)): \(key) is not built yet", hint: "upgrade cache-image")
        }
    }

    private func request(for image: ImageDeclaration, template: FilePath) -> ImageRequest {
        let root = repository?.workTree ?? configurationFolder
        var request = ImageRequest(
            image: image.name, dockerfile: template, context: root, root: root,
            configurationFolder: configurationFolder, platform: image.platform)
        request.declaredPlatform = image.declaredPlatform
        request.cacheFolder = cacheFolder
        request.inputs = image.inputs
        request.salt = image.salt
        request.contextFiles = image.contextFiles == .clone && repository != nil ? .clone : .worktree
        return request
    }

    private func request(for image: ImageDeclaration, dockerfile: FilePath) -> ImageRequest {
        var request = ImageRequest(
            image: image.name, dockerfile: dockerfile, context: image.context,
            root: repository?.workTree ?? configurationFolder, configurationFolder: configurationFolder,
            platform: image.platform)
        request.cacheFolder = cacheFolder
        request.target = image.target
        request.arguments = image.arguments
        request.secretArguments = image.secretArguments
        request.labels = image.labels
        request.inputs = image.inputs
        request.salt = image.salt
        request.localArguments = Set(image.localArguments)
        request.contextFiles = image.contextFiles == .clone && repository != nil ? .clone : .worktree
        request.includeIgnored = image.includeIgnored
        request.keepGitDirectory = image.keepsGitDirectory
        request.hasNamedContexts = image.buildOptions.contains { $0.hasPrefix("--build-context") }
        return request
    }
}

extension InputsError {
    /// The error with the line or flag that said the value at fault, and a guess; as it is where nobody said it.
    fileprivate func placed(in image: ImageDeclaration) -> InputsError {
        guard let fault, let origin = image.origins[fault.key], origin != .default else { return self }
        let guess = Spelling.nearest(to: fault.word, in: fault.candidates.filter { $0 != fault.word })
        let error = origin.error(
            "images.\(image.name.name).\(fault.key)",
            fault.reason + (guess.map { ", did you mean \"\($0)\"?" } ?? ""))
        return InputsError(kind, error.description, hint: hint)
    }
}
