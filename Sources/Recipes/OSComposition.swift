import Engines
import OCI
import OSComposer
import OSDisk
import OSPackages
import OSTemplate
import OSTree
import Records
import SystemCalls
import SystemPackage

/// Makes the image of a template as a docker-archive, or takes it from the image cache.
///
/// A lock file that is missing, or does not fit the template any more, is written.
///
/// - Parameters:
///   - template: The template; the files that it names, and its lock file, stand beside it.
///   - name: The image's name, for messages.
///   - folder: A fresh folder for the archive.
///   - environment: The variables of the caller.
///   - isOffline: Whether nothing may be fetched.
///   - log: Gets what is done, line by line, from any thread.
/// - Returns: The archive.
func composeArchive(
    template: FilePath, name: ImageName, folder: FilePath, environment: [String: String], isOffline: Bool,
    log: @escaping @Sendable (String) -> Void
) async throws -> FilePath {
    let archive = folder.appending("image.tar")
    var options = BuildOptions()
    options.output = archive
    options.isOffline = isOffline
    options.artifacts = [.init(.dockerArchive)]
    do {
        let composer = Composer(
            configuration: try ComposerConfiguration.load(nil, environment: environment), environment: environment
        ) { event in
            switch event {
            case .stage(let text), .detail(let text): log(text)
            case .warning(let text): log("warning: \(text)")
            case .downloaded: break
            }
        }
        let report = try await composer.build(template, options)
        for line in report.lines(bytes: { "\($0) bytes" }) { log(line) }
    } catch {
        throw failure(error, making: name)
    }
    return archive
}

/// An error of the composer as one that the cache knows.
private func failure(_ error: any Error, making name: ImageName) -> any Error {
    func refused(_ text: String, _ hint: String?) -> InputsError {
        InputsError(.recipe, "cannot make \(name): \(text)", hint: hint)
    }
    func failed(_ text: String, _ hint: String?) -> EngineError {
        EngineError(.buildFailed(step: nil), "cannot make \(name): \(text)", hint: hint)
    }
    return switch error {
    case let error as TemplateError: refused(error.description, error.hint)
    case let error as ComposerError where error.kind == .usage: refused(error.description, error.hint)
    case let error as ComposerError: failed(error.description, error.hint)
    case let error as PackageError where error.kind == .unresolved: refused(error.description, error.hint)
    case let error as PackageError: failed(error.description, error.hint)
    case let error as TreeError: failed(error.description, error.hint)
    case let error as DiskError: failed(error.description, error.hint)
    default: error
    }
}
