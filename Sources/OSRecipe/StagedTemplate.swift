import Context
import Git
import Hashing
import Records
import SystemCalls
import SystemPackage

/// A template with all files that it names, in a folder of their own where they stand still.
public struct StagedTemplate: Sendable {
    /// The fresh folder that holds all of this.
    let root: FilePath
    /// The folder with the files, each under its path below the root.
    let directory: FilePath
    /// The image as it was staged: the key of its inputs is the one to record.
    public let image: OSImage

    /// The template.
    public var template: FilePath { directory.appending(image.template) }
    /// The lock file, which may be missing until the image is made.
    public var lock: FilePath { directory.appending(image.lock) }

    /// Copies everything that counts into a fresh folder below `parent`.
    ///
    /// - Parameters:
    ///   - image: What to stage.
    ///   - parent: An existing folder, best on the file system of the work tree.
    ///   - object: The file with an LFS object's content, by its id; nil where there is none at hand.
    public static func stage(
        _ image: OSImage, in parent: FilePath, object: (SHA256Digest) -> FilePath?
    ) throws(InputsError) -> StagedTemplate {
        if let absence = image.inputs.content.absence { throw absence }
        let root: FilePath
        do throws(SystemError) { root = try Files.createTemporaryDirectory(in: parent) } catch {
            throw InputsError(error)
        }
        do throws(InputsError) {
            let directory = root.appending("files")
            var stager = ContextStager(image.request, image.inputs.content, directory)
            let content = try stager.run(object) ?? image.inputs.content
            return StagedTemplate(
                root: root, directory: directory, image: try image.computed(directory, content))
        } catch {
            try? Files.removeTree(root)
            throw error
        }
    }

    /// The same folder with the lock file that was written into it meanwhile.
    ///
    /// Files outside of the folder have to be what they were.
    public func relocked() throws(InputsError) -> StagedTemplate {
        var content = image.inputs.content
        let bytes: [UInt8]?
        do throws(SystemError) { bytes = try Files.readPlain(lock, limit: PackageLock.limit) } catch {
            throw InputsError(error)
        }
        if let bytes { content.put(image.lock, bytes) }
        let fresh = try image.computed(directory, content)
        if let changed = zip(image.outside, fresh.outside).first(where: { $0 != $1 }) {
            throw InputsError(.changedWhileRead, "cannot use \(changed.0.path): it changed while the image was made")
        }
        return StagedTemplate(root: root, directory: directory, image: fresh)
    }

    /// Puts the lock file beside the template in the work tree, where it is another one than before.
    public func keepLock() throws(InputsError) {
        do throws(SystemError) {
            guard let bytes = try Files.readPlain(lock, limit: PackageLock.limit) else { return }
            let place = image.request.root.appending(image.lock)
            if (try? Files.readPlain(place, limit: PackageLock.limit)) == bytes { return }
            try Files.replace(place, with: bytes)
        } catch { throw InputsError(error) }
    }

    /// Removes the folder.
    public func remove() {
        try? Files.removeTree(root)
    }
}

extension OSImage {
    /// The same image by the files of a staging folder.
    fileprivate func computed(_ folder: FilePath, _ content: ContextContent) throws(InputsError) -> OSImage {
        var computation = OSComputation(
            request: request, repository: nil, caches: OpenCaches(InputCaches(isWritable: false)))
        computation.staged = (folder, content, inputs.extras)
        return try computation.run()
    }
}

extension ContextContent {
    /// Counts a small file, in place of the one of this path where there is one.
    fileprivate mutating func put(_ path: RelativePath, _ bytes: [UInt8]) {
        let digest = SHA256Digest(of: bytes)
        if files[path]?.digest == digest || followed[path]?.digest == digest { return }
        let record = FileRecord(
            path: path, content: .file(digest, size: Int64(bytes.count), isExecutable: false),
            blob: ObjectID(ofBlob: bytes))
        followed = FileTable(followed.filter { $0.path != path })
        files = FileTable(Array(files) + [record])
        var selection = selections[NamedFiles.step] ?? ContextSelection()
        let roots = selection.parts.flatMap(\.roots).filter { $0.recorded != path }
        let root = SourceResolver.Root(recorded: path, place: path, isFolder: false)
        selection.parts = [.init(roots: roots + [root], excluded: nil, allBut: nil, isWildcard: false)]
        selections[NamedFiles.step] = selection
        rehash()
    }
}
