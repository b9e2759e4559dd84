import SystemPackage

@testable import Archive

extension ImageArchive {
    /// What the archive holds, without the layers.
    func images() throws(ArchiveError) -> [StoredImage] {
        try withIndex(spool: nil) { try $0.images() }
    }
}
