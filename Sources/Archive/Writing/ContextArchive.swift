import Glibc
import SystemCalls
import SystemPackage

/// The tar of a build context for a builder that reads it from a pipe; sorted, so that equal folders give equal bytes.
public enum ContextArchive {
    /// Writes a folder's files, folders and links, and some more files, as a tar archive.
    ///
    /// - Parameters:
    ///   - folder: the context; modes count, owners and times do not.
    ///   - extra: files to add.
    ///   - descriptor: where to write.
    ///   - progress: told after each member.
    public static func write(
        _ folder: FilePath, adding extra: [(name: String, bytes: [UInt8])], to descriptor: FileDescriptor,
        progress: () -> Void = {}
    ) throws(ArchiveError) {
        try ArchiveError.wrapping {
            let sink = ByteSink(descriptor, named: "the builder's input", hashing: false)
            for file in extra {
                try sink.write(TarHeader.member(Array(file.name.utf8), size: Int64(file.bytes.count)))
                try sink.write(file.bytes)
                try sink.write(TarHeader.padding(Int64(file.bytes.count)))
            }
            try write(folder, as: RelativePath(bytes: []), to: sink, progress)
            try sink.write(TarHeader.end)
        }
    }

    /// The tar of a root file system that holds one program and nothing else.
    public static func root(program name: String, _ bytes: [UInt8]) -> [UInt8] {
        let size = Int64(bytes.count)
        return TarHeader.member(Array(name.utf8), size: size, mode: 0o755) + bytes + TarHeader.padding(size)
            + TarHeader.end
    }

    private static func write(
        _ path: FilePath, as member: RelativePath, to sink: ByteSink, _ progress: () -> Void
    ) throws {
        guard let status = try FileStatus.of(path) else { return }
        switch status.kind {
        case .directory:
            if !member.bytes.isEmpty {
                try sink.write(TarHeader.member(member.bytes + [UInt8(ascii: "/")], mode: 0o755, type: "5"))
            }
            for name in try Files.names(in: path) {
                let bytes = name.withPlatformString { Array(UnsafeBufferPointer(start: $0, count: strlen($0))) }
                let child = member.appending(RelativePath(bytes: bytes.map { UInt8(bitPattern: $0) }))
                try write(path.appending(name), as: child, to: sink, progress)
            }
        case .symbolicLink:
            let text = try Files.linkText(path)
            try sink.write(TarHeader.member(member.bytes, mode: 0o777, type: "2", link: text))
        case .file:
            let input = try Files.openPlain(path)
            defer { try? input.close() }
            let mode: Int64 = status.isExecutable ? 0o755 : 0o644
            try sink.write(TarHeader.member(member.bytes, size: status.size, mode: mode))
            let buffer = Buffer()
            var rest = status.size
            while rest > 0 {
                let count = try checked("read", path.string) {
                    read(input.rawValue, buffer.bytes.baseAddress, min(buffer.bytes.count, Int(rest)))
                }
                if count == 0 { throw SystemError("read", path.string, .ioError) }
                try sink.write(UnsafeRawBufferPointer(rebasing: buffer.bytes[..<count]))
                rest -= Int64(count)
            }
            try sink.write(TarHeader.padding(status.size))
        default: throw SystemError("read", path.string, .invalidArgument)
        }
        progress()
    }
}
