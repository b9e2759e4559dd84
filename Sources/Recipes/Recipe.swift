import Configuration
import Context
import Git
import Hashing
import OCI
import Records
import SystemPackage

/// How an image is made: all that the cache knows of it.
///
/// The first half decides the key without an engine. The second half begins with `stage`.
public protocol Recipe: Sendable {
    /// What decides the image: the key, its record, warnings, base images.
    var inputs: ImageInputs { get }

    /// What the recipe asks of this machine that somebody has to trust.
    var wishes: [TrustWish] { get }

    /// Fails where this machine or its user cannot make the image; asked before anything is done.
    func checkMachine() throws(InputsError)

    /// Reads every file again, trusting neither index nor caches; what is not as it was believed.
    func verify(repository: Repository?) throws(InputsError) -> [Reason]

    /// Brings all that the image is made of into a fresh folder, where it stands still.
    ///
    /// - Parameters:
    ///   - folder: An existing folder, best on the file system of the work tree.
    ///   - repository: The repository around the image; nil outside of one.
    ///   - object: The file with an LFS object's content, by its id; nil where there is none at hand.
    func stage(
        in folder: FilePath, repository: Repository?, object: (SHA256Digest) -> FilePath?
    ) throws(InputsError) -> any StagedRecipe
}

extension Recipe {
    /// Nothing.
    public var wishes: [TrustWish] { [] }

    /// Any machine will do.
    public func checkMachine() throws(InputsError) {}
}
