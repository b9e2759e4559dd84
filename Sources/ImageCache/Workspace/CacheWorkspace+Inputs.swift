import Configuration
import Context
import DockerfileRecipe
import OCI
import Records
import SystemCalls
import SystemPackage

extension CacheWorkspace {
    /// The present inputs of an image, base images as the lock on disk has them.
    public func inputs(of image: ImageDeclaration) throws -> ImageInputs {
        try inputs(of: image, lock: try baseLock(of: image).lock)
    }

    /// The present inputs of an image, base images as `lock` has them.
    func inputs(of image: ImageDeclaration, lock: BaseLock) throws -> ImageInputs {
        let inputs = try ImageInputs.compute(
            try request(for: image), repository: repository, lock: lock, caches: caches(for: image))
        for warning in inputs.warnings where warned.insert("\(image.name): \(warning)").inserted {
            events.warning("\(image.name): \(warning)", nil)
        }
        return inputs
    }

    /// What the inputs of an image are computed from.
    func request(for image: ImageDeclaration) throws -> ImageRequest {
        var request = ImageRequest(
            image: image.name, dockerfile: image.dockerfile, context: image.context,
            root: repository?.workTree ?? configuration.root, configurationFolder: configuration.root,
            platform: image.platform)
        // Behind a link, too, the cache is no input of itself.
        request.cacheFolder = try realFolder() ?? folder
        request.target = image.target
        request.arguments = image.arguments
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

    /// Where digests are remembered.
    func caches(for image: ImageDeclaration) -> InputCaches {
        InputCaches(stat: statCachePath, memo: memoPath, records: [paths(of: image).record], shelf: shelf)
    }
}
