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
}
