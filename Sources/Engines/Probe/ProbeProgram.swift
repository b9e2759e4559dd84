/// A program that needs nothing and does nothing: a static ELF file of 132 bytes that ends with 0.
///
/// A scratch image with it shows whether an engine starts containers, wherever no image and no busybox is at hand.
enum ProbeProgram {
    /// Its name in the image.
    static let name = "probe"

    /// Its bytes for an architecture as Go names it; nil where there is none for it.
    static func bytes(_ architecture: String) -> [UInt8]? {
        switch architecture {
        case "amd64", "x86_64":
            // xor edi, edi; mov eax, 231 (exit_group); syscall
            elf(machine: 0x3E, code: [0x31, 0xFF, 0xB8, 0xE7, 0x00, 0x00, 0x00, 0x0F, 0x05, 0x90, 0x90, 0x90])
        case "arm64", "aarch64":
            // mov x0, 0; mov x8, 94 (exit_group); svc 0
            elf(machine: 0xB7, code: [0x00, 0x00, 0x80, 0xD2, 0xC8, 0x0B, 0x80, 0xD2, 0x01, 0x00, 0x00, 0xD4])
        default: nil
        }
    }

    /// The architecture of this program itself.
    static var ownArchitecture: String {
        #if arch(x86_64)
            "amd64"
        #elseif arch(arm64)
            "arm64"
        #else
            ""
        #endif
    }

    /// An executable whose one segment is the whole file. https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html
    private static func elf(machine: UInt8, code: [UInt8]) -> [UInt8] {
        func number(_ value: UInt64, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
        }
        let (address, headers): (UInt64, UInt64) = (0x400000, 64 + 56)
        let size = headers + UInt64(code.count)
        var file: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0] + number(0, 8)
        file += number(2, 2) + number(UInt64(machine), 2) + number(1, 4)
        file += number(address + headers, 8) + number(64, 8) + number(0, 8) + number(0, 4)
        file += number(64, 2) + number(56, 2) + number(1, 2) + number(0, 6)
        // The segment: loaded, readable and executable.
        file += number(1, 4) + number(5, 4) + number(0, 8) + number(address, 8) + number(address, 8)
        file += number(size, 8) + number(size, 8) + number(0x10000, 8)
        return file + code
    }
}
