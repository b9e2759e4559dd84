import Archive
import Git
import LFS
import OCI
import Records
import SystemCalls

/// Reads every byte of the steps archive beside an archive.
///
/// One that is not there, or whose object is not on this machine, is no problem: an entry can do without.
struct StepsVerifier {
    let objects: ObjectSource

    /// What is wrong with the steps archive of an entry, its pointer, or its object.
    ///
    /// - Parameters:
    ///   - inspection: The entry.
    ///   - config: The config of the image in its archive.
    func findings(of inspection: EntryInspection, beside config: ImageConfig) throws -> [Finding] {
        let problems = try problems(of: inspection, beside: config)
        if !problems.isEmpty { return problems.map { Finding(.steps, $0, .fetch) } }
        guard let pointer = inspection.recorded?.provenance?.stepsPointer else { return [] }
        switch try ArchiveForm.at(inspection.paths.steps) {
        case .pointer:
            let bytes = try Files.readPlain(inspection.paths.steps, limit: Pointer.maximumLength)
            return bytes == pointer.encoded
                ? [] : [Finding(.steps, "the pointer of the steps is not in the form in which it is written", .rewrite)]
        case .file:
            // It is pushed for the file in the work tree.
            guard let path = objects.local(pointer.oid), try Pointer.of(path) != pointer else { return [] }
            return [Finding(.steps, "the steps' LFS object \(pointer.oid.hexadecimal) holds other bytes", .fetch)]
        case .nothing, .unusable: return []
        }
    }

    private func problems(of inspection: EntryInspection, beside config: ImageConfig) throws -> [String] {
        guard let record = inspection.recorded?.provenance?.steps,
            let pointer = inspection.recorded?.provenance?.stepsPointer
        else { return [] }
        let form = try ArchiveForm.at(inspection.paths.steps)
        switch form.bytes {
        case .nowhere: return []
        case .unreadable(let complaint): return ["the steps archive cannot be read: \(complaint)"]
        case .object(let other) where other != pointer:
            return ["the steps archive is \(other.oid.hexadecimal), the record says \(pointer.oid.hexadecimal)"]
        case .object: break
        case .file: break
        }
        guard let path = form.file ?? objects.local(pointer.oid) else { return [] }
        do {
            let file = try StepsFile(path, beside: config)
            defer { file.close() }
            let digest = try file.verify()
            if digest != pointer.oid {
                return ["the steps archive is \(digest.hexadecimal), the record says \(pointer.oid.hexadecimal)"]
            }
            return file.images.map(\.id) == record.images ? [] : ["the images of the steps are not those of the record"]
        } catch {
            if error.kind != .corrupt { throw error }
            return [error.description]
        }
    }
}
