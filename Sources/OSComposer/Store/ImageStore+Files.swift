import Hashing
import SystemCalls
import SystemPackage

extension ImageStore {
    /// Why an image's files cannot be used; nil where they can.
    ///
    /// A file that is as it was when its digest was made is not read again, unless asked.
    ///
    /// - Parameter reads: Whether every byte is read.
    public func complaint(about image: StoredImage, reads: Bool = false) -> String? {
        let place = folder(of: image.specification)
        let known = reads ? SeenFiles() : SeenFiles(in: place)
        var isNew = false
        for file in image.files {
            let path = place.appending(file.name)
            guard let status = (try? FileStatus.of(path)) ?? nil, status.kind == .file else {
                return "\(file.name) is missing"
            }
            if status.size != file.size { return "\(file.name) has \(status.size) bytes, not \(file.size)" }
            if known.has(file.name, status) { continue }
            guard let found = try? SHA256Digest.ofFile(path), found.digest == file.sha256 else {
                return "the content of \(file.name) is not what was stored"
            }
            isNew = true
        }
        if isNew { SeenFiles.note(image.files.map(\.name), in: place) }
        return nil
    }

    /// Stores files that stand in a folder on the same file system, which is moved into the store, whole.
    ///
    /// The caller holds the lock.
    func keep(_ image: StoredImage, from staged: FilePath) throws(ComposerError) {
        do throws(SystemError) {
            for file in image.files { try Files.synchronize(staged.appending(file.name)) }
            try Files.replace(
                staged.appending(StoredImage.document), with: Array((image.json.indentedText() + "\n").utf8))
            try Files.replace(staged.appending(Self.used), with: [])
            SeenFiles.note(image.files.map(\.name), in: staged)
            try Files.synchronizeDirectory(staged)
            let place = folder(of: image.specification)
            try Files.removeTree(place)
            try Files.rename(staged, to: place)
            Unfinished.forget(staged)
            try Files.synchronizeDirectory(folder)
        } catch {
            throw ComposerError(.failed, "cannot store the image: \(error)")
        }
    }

    /// Copies one file beside its target and renames it.
    static func place(_ source: FilePath, at target: FilePath) throws(SystemError) {
        let temporary = Files.temporaryPath(beside: target)
        do throws(SystemError) {
            try Files.clone(source, to: temporary)
            try Files.rename(temporary, to: target)
        } catch {
            _ = try? Files.remove(temporary)
            Unfinished.forget(temporary)
            throw error
        }
        Unfinished.forget(temporary)
    }
}
