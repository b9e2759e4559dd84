/// The kinds of image files, by the bytes that they begin or end with.
enum ImageFormat {
    /// - Parameters:
    ///   - start: The first bytes.
    ///   - end: The last 512 bytes.
    static func of(_ start: [UInt8], end: [UInt8]) -> String {
        func has(_ bytes: [UInt8], at offset: Int = 0) -> Bool {
            start.count >= offset + bytes.count && Array(start[offset..<offset + bytes.count]) == bytes
        }
        if has(Array("QFI".utf8) + [0xFB]) { return "qcow2" }
        if has(Array("vhdxfile".utf8)) { return "vhdx" }
        if has(Array("KDMV".utf8)) { return "vmdk" }
        if has([0x7F, 0x10, 0xDA, 0xBE], at: 64) { return "vdi" }
        if has(Array("conectix".utf8)) || end.starts(with: "conectix".utf8) { return "vhd" }
        if has(Array("ustar".utf8), at: 257) { return "tar" }
        if has([0x1F, 0x8B]) { return "gz" }
        if has([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]) { return "xz" }
        if has([0x28, 0xB5, 0x2F, 0xFD]) { return "zstd" }
        if has(Array("BZh".utf8)) { return "bz2" }
        return "raw"
    }
}
