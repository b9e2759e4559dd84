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
            let dockerfile = root.appending("Dockerfile")
            let ignoreFile = root.appending("Dockerfile.dockerignore")
            var stager = ContextStager(inputs.request, inputs.content, directory)
            let staged =
                try stager.run(object).map { content throws(InputsError) in try inputs.with(content) } ?? inputs
            do throws(SystemError) {
                try Self.write(inputs.dockerfileBytes, to: dockerfile)
                try Self.write([], to: ignoreFile)
            } catch { throw InputsError(error) }
            return CanonicalContext(
                root: root, directory: directory, dockerfile: dockerfile, ignoreFile: ignoreFile, inputs: staged)
        } catch {
            try? Files.removeTree(root)
            throw error
        }
    }

    private static func write(_ bytes: [UInt8], to path: FilePath) throws(SystemError) {
        let descriptor = try Files.create(path, permissions: 0o644, exclusive: true)
        defer { try? descriptor.close() }
        try Files.write(bytes, to: descriptor, named: path.string)
    }

    /// Removes the folder and everything beside it that staging has made.
    public func remove() {
        try? Files.removeTree(root)
    }
}
