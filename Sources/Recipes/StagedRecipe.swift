import Context
import Engines
import Git
import OCI
import Records

/// A recipe whose files stand still: what is made now has the key of its inputs.
public protocol StagedRecipe: Sendable {
    /// The inputs as they were staged: their key is the one to record.
    var inputs: ImageInputs { get }

    /// The same files under the lock of base images after the image was made.
    func relocked(_ lock: BaseLock, repository: Repository?) throws(InputsError) -> any StagedRecipe

    /// Whether a builder whose step cache is not exact may take a step for another one, whatever it is told.
    var hasBlindSteps: Bool { get }

    /// The stages beside those that the image grows from, which a builder can make by themselves.
    var furtherStages: [String] { get }

    /// Makes the image in an engine.
    ///
    /// - Parameters:
    ///   - order: What the cache wants of it.
    ///   - engine: The engine.
    ///   - line: Gets what the engine says, line by line.
    func make(
        _ order: BuildOrder, in engine: Engine, line: @escaping @Sendable (String) -> Void
    ) async throws -> BuildResult

    /// Puts files that the build made and that decide the image, such as a lock file, into the work tree.
    func keep() throws(InputsError)

    /// How the configuration of an image that was made differs from the one that the recipe means, one line each.
    func differences(from made: RuntimeConfig) -> [String]

    /// Removes the folder.
    func remove()
}

extension StagedRecipe {
    /// There are none.
    public func keep() throws(InputsError) {}
}
