import SystemCalls
import SystemPackage

/// VDI: the header's two identifiers.
enum VirtualBoxImage {
    private static let image: Int64 = 392
    private static let snapshot: Int64 = 408

    /// Gives a file fixed identifiers.
    static func settle(_ path: FilePath, image: [UInt8], snapshot: [UInt8]) throws {
        let file = try Patch.open(path)
        defer { try? file.close() }
        try Patch.write(image, at: Self.image, to: file, named: path.string)
        try Patch.write(snapshot, at: Self.snapshot, to: file, named: path.string)
    }
}
