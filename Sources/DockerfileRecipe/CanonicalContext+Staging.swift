import Context
import Git
import Glibc
import Hashing
import Records
import SystemCalls
import SystemPackage

extension CanonicalContext {
    /// Writes the context of an image into a fresh folder below `parent`.
    ///
    /// Every file is hashed while it is copied: `image` of the result has the key of the bytes that were staged.
    ///
    /// - Parameters:
    ///   - image: What to stage.
    ///   - parent: An existing folder, best on the file system of the work tree.
    ///   - object: The file with an LFS object's content, by its id; nil where there is none at hand.
    public static func stage(
        _ image: DockerfileImage, in parent: FilePath, object: (SHA256Digest) -> FilePath?
    ) throws(InputsError) -> CanonicalContext {
        if let absence = image.content.absence { throw absence }
        let root: FilePath
        do throws(SystemError) { root = try Files.createTemporaryDirectory(in: parent) } catch {
            throw InputsError(error)
        }
        do throws(InputsError) {
            let directory = root.appending("context")
            var stager = ContextStager(image.request, image.content, directory)
            let staged =
                try stager.run(object).map { content throws(InputsError) in try image.with(content) } ?? image
            return CanonicalContext(root: root, directory: directory, image: staged)
        } catch {
            try? Files.removeTree(root)
            throw error
        }
    }

    /// The same folder under another lock, after a build.
    public func relocked(_ lock: BaseLock, repository: Repository?) throws(InputsError) -> CanonicalContext {
        CanonicalContext(root: root, directory: directory, image: try image.relocked(lock, repository: repository))
    }

    /// Removes the folder and everything beside it that staging has made.
    public func remove() {
        try? Files.removeTree(root)
    }
}
