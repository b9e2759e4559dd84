import Glibc
import SystemCalls
import SystemPackage

extension ArchiveIndex {
    /// Reads the headers of a plain tar file, passing over the contents.
    ///
    /// Nil where the file is compressed or has holes, so that places in it mean nothing: it has to be spooled.
    static func scan(_ descriptor: FileDescriptor, named name: String) throws -> ArchiveIndex? {
        let index = ArchiveIndex(descriptor: descriptor, name: name)
        guard let status = try? FileStatus.of(descriptor), status.kind == .file else { return nil }
        try checked("read", name) { lseek(descriptor.rawValue, 0, SEEK_SET) }
        if status.size == 0 { throw index.corrupt("it is empty") }
        let reader = try ArchiveReader.tar(descriptor, named: name)
        if reader.compression != .none { return nil }
        var isPlain = true
        try index.reading {
            while isPlain, let entry = try reader.next() {
                if entry.isSparse {
                    isPlain = false
                    continue
                }
                switch entry.kind {
                case .directory: try index.addFolder(entry.name)
                case .link(let target): try index.add(entry.name, .link(target))
                case .file:
                    if entry.size > status.size - entry.offset {
                        throw index.corrupt("it ends in the middle of a member")
                    }
                    try index.add(entry.name, .stored(offset: entry.offset, size: entry.size, digest: nil))
                }
            }
        }
        return isPlain ? index : nil
    }
}
