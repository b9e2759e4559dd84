import CShims
import Glibc
import SystemPackage

extension Files {
    /// Copies a part of one open file to where another stands, inside the kernel where it can; both may then share blocks.
    ///
    /// - Returns: How many bytes were copied: fewer where the file ends before.
    public static func copy(
        _ input: FileDescriptor, _ range: Range<Int64>, to output: FileDescriptor, named name: String
    ) throws(SystemError) -> Int64 {
        var place = range.lowerBound
        while place < range.upperBound {
            let length = Int(min(range.upperBound - place, 64 << 20))
            let count = cshims_copy_file_range_from(input.rawValue, place, output.rawValue, length)
            if count == 0 { return place - range.lowerBound }
            if count < 0 { break }
            place += Int64(count)
        }
        var buffer = [UInt8](repeating: 0, count: place < range.upperBound ? 1 << 20 : 0)
        while place < range.upperBound {
            let length = Int(min(range.upperBound - place, Int64(buffer.count)))
            let count = try checked("read", name) { pread(input.rawValue, &buffer, length, off_t(place)) }
            if count == 0 { break }
            try write(Array(buffer[..<count]), to: output, named: name)
            place += Int64(count)
        }
        return place - range.lowerBound
    }

    /// `SEEK_DATA` and `SEEK_HOLE` of Linux, which Swift's Glibc lacks.
    private static let (seekData, seekHole): (Int32, Int32) = (3, 4)

    /// Copies an open file from its start into an empty one; holes stay holes where the file system knows of them.
    static func copyWithHoles(
        _ input: FileDescriptor, to output: FileDescriptor, named name: String
    ) throws(SystemError) {
        let size = try FileStatus.of(input).size
        var place: Int64 = 0
        while place < size {
            let data = lseek(input.rawValue, off_t(place), seekData)
            if data < 0, Glibc.errno == ENXIO { break }
            // A file system without holes to tell of has data only.
            let start = data < 0 ? place : Int64(data)
            let hole = data < 0 ? -1 : lseek(input.rawValue, data, seekHole)
            let end = hole < 0 ? size : Int64(hole)
            try checked("seek in", name) { lseek(output.rawValue, off_t(start), SEEK_SET) }
            // Somebody made it shorter meanwhile: so is the copy.
            if try copy(input, start..<end, to: output, named: name) < end - start { return }
            place = end
        }
        try resize(output, to: size, named: name)
    }
}
