import Configuration
import Context
import Git
import Glibc
import Hashing
import OSRecipe
import Records
import SystemPackage

/// The recipe that is a template of an OS image.
struct OSBuild: Recipe {
    let declaration: ImageDeclaration
    let image: OSImage
    /// The variables of the caller.
    let environment: [String: String]

    var inputs: ImageInputs { image.inputs }

    var wishes: [TrustWish] { image.wishes.map { TrustWish(reason: $0.reason, values: $0.values) } }

    func checkMachine() throws(InputsError) {
        if geteuid() == 0 { return }
        throw InputsError(
            .recipe,
            "cannot build \(declaration.name): root is needed, since the files of an OS image belong to many users",
            hint: "sudo cache-image update \(declaration.name.name)")
    }

    func verify(repository: Repository?) throws(InputsError) -> [Reason] {
        try image.verify(repository: repository)
    }

    func stage(
        in folder: FilePath, repository: Repository?, object: (SHA256Digest) -> FilePath?
    ) throws(InputsError) -> any StagedRecipe {
        StagedOSImage(
            declaration: declaration, files: try StagedTemplate.stage(image, in: folder, object: object),
            environment: environment)
    }
}
