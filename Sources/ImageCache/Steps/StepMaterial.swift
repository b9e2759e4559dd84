import Configuration
import Engines
import Hashing
import OCI

/// What a build left in the engine that a rebuild could reuse.
struct StepMaterial {
    /// A base image that the build used.
    struct Base {
        /// Its full reference.
        let reference: String
        let id: SHA256Digest
        let diffIDs: [SHA256Digest]
    }

    /// Who built.
    let builder: String
    /// The images of further stages that are to be kept.
    var stages: [SHA256Digest] = []
    /// The base images.
    let bases: [Base]
    /// What is to be kept.
    let mode: ImageDeclaration.Steps

    /// The base images that are kept.
    ///
    /// With `final`, only those whose layers are layers of the image: they cost nothing but their configs.
    func keptBases(beside layers: [SHA256Digest]) -> [Base] {
        mode == .all ? bases : bases.filter { Set($0.diffIDs).isSubset(of: layers) }
    }
}
