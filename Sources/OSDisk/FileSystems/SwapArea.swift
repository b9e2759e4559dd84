import Glibc
import SystemCalls
import SystemPackage

/// The header of a swap area: one page, which mkswap cannot write at an offset of a file.
///
/// The layout is that of `union swap_header` in the kernel's include/linux/swap.h.
struct SwapArea: Sendable {
    let label: String
    let uuid: [UInt8]

    /// The first page of an area of so many bytes.
    func header(size: Int64) -> [UInt8] {
        var page = [UInt8](repeating: 0, count: 4096)
        func put(_ value: UInt32, _ offset: Int) {
            for index in 0..<4 { page[offset + index] = UInt8(truncatingIfNeeded: value >> (8 * UInt32(index))) }
        }
        put(1, 1024)
        put(UInt32(clamping: size / 4096 - 1), 1028)
        page.replaceSubrange(1036..<1052, with: uuid.prefix(16))
        let text = Array(label.utf8.prefix(15))
        page.replaceSubrange(1052..<1052 + text.count, with: text)
        page.replaceSubrange(4086..<4096, with: Array("SWAPSPACE2".utf8))
        return page
    }

    /// Writes it into a file.
    func write(to path: FilePath, offset: Int64, size: Int64) throws {
        let page = header(size: size)
        let descriptor = try Patch.open(path)
        defer { try? descriptor.close() }
        try Patch.write(page, at: offset, to: descriptor, named: path.string)
    }
}
