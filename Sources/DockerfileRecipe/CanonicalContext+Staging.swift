import Context
import Glibc
import Hashing
import Records
import SystemCalls
import SystemPackage

extension CanonicalContext {
    /// Writes the context of these inputs into a fresh folder below `parent`.
    ///
    /// Every file is hashed while it is copied: `inputs` of the result has the key of the bytes that were staged.
    ///
    /// - Parameters:
    ///   - inputs: What to stage.
    ///   - parent: An existing folder, best on the file system of the work tree.
    ///   - object: The file with an LFS object's content, by its id; nil where there is none at hand.
    public static func stage(
        _ inputs: ImageInputs, in parent: FilePath, object: (SHA256Digest) -> FilePath?
    ) throws(InputsError) -> CanonicalContext {
        if let absence = inputs.content.absence { throw absence }
        let root: FilePath
        do throws(SystemError) { root = try Files.createTemporaryDirectory(in: parent) } catch {
            throw InputsError(error)
        }
        do throws(InputsError) {
            let directory = root.appending("context")
            var stager = ContextStager(inputs.request, inputs.content, directory)
            let staged =
                try stager.run(object).map { content throws(InputsError) in try inputs.with(content) } ?? inputs
            return CanonicalContext(root: root, directory: directory, inputs: staged)
        } catch {
            try? Files.removeTree(root)
            throw error
        }
    }

    /// Removes the folder and everything beside it that staging has made.
    public func remove() {
        try? Files.removeTree(root)
    }
}
