import Archive
import Glibc
import OCI
import SystemPackage

/// Reads an archive whose documents are the parts of the input between NUL bytes: manifest, config, index, layout.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzArchive(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: start, count: count))
    let names = ["manifest.json", "c.json", "index.json", "oci-layout"]
    var archive: [UInt8] = []
    for (name, content) in zip(names, input.split(separator: 0, maxSplits: 3, omittingEmptySubsequences: false)) {
        archive += header(name, content.count) + content
        archive += [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    }
    archive += [UInt8](repeating: 0, count: 1024)
    let path = "/dev/shm/cache-image-fuzz-\(getpid()).tar"
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    precondition(write(descriptor, archive, archive.count) == archive.count && close(descriptor) == 0)
    let imported = path + ".imported"
    if let name = try? ImageName("a:1") {
        _ = try? ImageArchive(FilePath(path)).canonicalise(as: name, to: FilePath(imported))
    }
    _ = try? ImageArchive(FilePath(path)).verify()
    // The same documents as steps beside the archive of another image.
    if let config = try? ImageConfig(bytes: Array(#"{"rootfs":{"type":"layers","diff_ids":[]}}"#.utf8)),
        let steps = try? StepsFile(FilePath(path), beside: config)
    {
        _ = try? steps.verify()
        steps.close()
    }
    unlink(imported)
    unlink(path)
    return 0
}

/// A ustar header of a regular file.
private func header(_ name: String, _ size: Int) -> [UInt8] {
    var block = [UInt8](repeating: 0, count: 512)
    func put(_ text: String, at offset: Int) {
        block.replaceSubrange(offset..<(offset + text.utf8.count), with: text.utf8)
    }
    func octal(_ number: Int, _ width: Int) -> String {
        let digits = String(number, radix: 8)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    put(name, at: 0)
    put("0000644\0" + "0000000\0" + "0000000\0", at: 100)
    put(octal(size, 11) + "\0" + octal(0, 11) + "\0" + "        0", at: 124)
    put("ustar\0" + "00", at: 257)
    put(octal(block.reduce(0) { $0 + Int($1) }, 6) + "\0 ", at: 148)
    return block
}
