import Glibc
import JSON
import Programs
import SystemCalls
import SystemPackage

/// A disk of which places are read.
protocol ByteSource: Sendable {
    /// Bytes of the disk.
    var size: Int64 { get }
    /// Reads a place; fewer bytes where the disk ends.
    func bytes(at offset: Int64, count: Int) async throws -> [UInt8]
}

/// A file that is the disk itself.
struct FileSource: ByteSource {
    let file: FileDescriptor
    let path: FilePath
    let size: Int64

    func bytes(at offset: Int64, count: Int) async throws -> [UInt8] {
        guard offset >= 0, offset < size else { return [] }
        return try Patch.read(Int(min(Int64(count), size - offset)), at: offset, from: file, named: path.string)
    }

    /// The last 512 bytes.
    func end() async throws -> [UInt8] { try await bytes(at: max(0, size - 512), count: 512) }
}

/// A disk of a virtual machine, which qemu-img reads.
struct VirtualSource: ByteSource {
    let size: Int64
    private let path: FilePath
    private let driver: String
    private let folder: FilePath
    private let environment: [String: String]
    private static let block: Int64 = 4096

    /// Lends the disk; a folder for what is read of it is removed afterwards.
    static func with(
        _ path: FilePath, format: String, environment: [String: String],
        _ body: (VirtualSource) async throws -> Void
    ) async throws {
        let folder = try Files.createTemporaryDirectory(in: PlainPath.temporaryFolder(environment))
        defer { try? Files.removeTree(folder) }
        let absolute = path.isAbsolute ? path : try Files.currentFolder().pushing(path)
        let clean = [
            "PATH": environment["PATH"] ?? ProgramSearch.standardPath, "HOME": folder.string, "LC_ALL": "C.UTF-8",
        ]
        let driver = format == "vhd" ? "vpc" : format
        let words = ["info", "--output", "json", "-U", "-f", driver, absolute.string]
        let result = try await run(words, in: folder, clean, path)
        let said = try? JSONValue(parsing: result.output)
        guard let size = said?["virtual-size"]?.integer, size >= 0 else {
            throw problem(path, "qemu-img does not say how large it is")
        }
        try await body(
            VirtualSource(size: size, path: absolute, driver: driver, folder: folder, environment: clean))
    }

    func bytes(at offset: Int64, count: Int) async throws -> [UInt8] {
        guard offset >= 0, offset < size else { return [] }
        let first = offset / Self.block
        let last = (min(size, offset + Int64(count)) + Self.block - 1) / Self.block
        let target = folder.appending("piece")
        try Files.remove(target)
        // Its count is the place of the end, the skipped part included.
        let words = [
            "dd", "-U", "-f", driver, "-O", "raw", "bs=\(Self.block)", "skip=\(first)", "count=\(last)",
            "if=\(path.string)", "of=\(target.string)",
        ]
        _ = try await Self.run(words, in: folder, environment, path)
        let piece = try Files.read(target, limit: Int(last - first + 1) * Int(Self.block)) ?? []
        return Array(piece.dropFirst(Int(offset - first * Self.block)).prefix(count))
    }

    private static func run(
        _ words: [String], in folder: FilePath, _ environment: [String: String], _ path: FilePath
    ) async throws -> ProgramResult {
        let result: ProgramResult
        do {
            result = try await ChildProgram("qemu-img", words, in: folder, environment: environment).run()
        } catch let error as ProgramError {
            throw DiskError(.tool, error.description, hint: "apt-get install qemu-utils")
        }
        try Task.checkCancellation()
        if !result.isSuccess { throw problem(path, "qemu-img: \(DiskTools.lastLine(result))") }
        return result
    }

    private static func problem(_ path: FilePath, _ reason: String) -> DiskError {
        DiskError(.content, "cannot inspect \(Printable.escaped(path.string)): \(reason)")
    }
}
