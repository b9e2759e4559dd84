import Glibc
import SystemCalls

/// The stat data that identify a state of a file.
struct FileStamp: Hashable {
    let device: UInt64
    let inode: UInt64
    let size: Int64
    let modifiedSeconds: Int64
    let modifiedNanoseconds: UInt32
    let changedSeconds: Int64
    let changedNanoseconds: UInt32
    let mode: UInt32

    /// Takes the data from the system's structure.
    init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        modifiedSeconds = Int64(status.st_mtim.tv_sec)
        modifiedNanoseconds = UInt32(truncatingIfNeeded: status.st_mtim.tv_nsec)
        changedSeconds = Int64(status.st_ctim.tv_sec)
        changedNanoseconds = UInt32(truncatingIfNeeded: status.st_ctim.tv_nsec)
        mode = UInt32(status.st_mode)
    }

    /// Whether both times lie more than two seconds before `time`, coarse clocks included.
    func isOlder(than time: FileStatus.Time) -> Bool {
        let limit = FileStatus.Time(seconds: time.seconds - 2, nanoseconds: time.nanoseconds)
        return FileStatus.Time(seconds: modifiedSeconds, nanoseconds: Int64(modifiedNanoseconds)) < limit
            && FileStatus.Time(seconds: changedSeconds, nanoseconds: Int64(changedNanoseconds)) < limit
    }

    /// Appends the stored form.
    func append(to bytes: inout [UInt8]) {
        func add(_ value: some FixedWidthInteger) {
            withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
        }
        add(device)
        add(inode)
        add(size)
        add(modifiedSeconds)
        add(changedSeconds)
        add(modifiedNanoseconds)
        add(changedNanoseconds)
        add(mode)
    }

    /// Whether the stored form at an offset is this stamp.
    func matches(_ record: UnsafeRawBufferPointer, at offset: Int) -> Bool {
        func load<Integer: FixedWidthInteger>(_ position: Int, _ type: Integer.Type) -> Integer {
            Integer(littleEndian: record.loadUnaligned(fromByteOffset: offset + position, as: type))
        }
        return load(0, UInt64.self) == device && load(8, UInt64.self) == inode && load(16, Int64.self) == size
            && load(24, Int64.self) == modifiedSeconds && load(32, Int64.self) == changedSeconds
            && load(40, UInt32.self) == modifiedNanoseconds && load(44, UInt32.self) == changedNanoseconds
            && load(48, UInt32.self) == mode
    }

    /// Whether the stored form at an offset is more than two seconds older than `time`.
    static func isOlder(_ record: UnsafeRawBufferPointer, at offset: Int, than time: FileStatus.Time) -> Bool {
        func load<Integer: FixedWidthInteger>(_ position: Int, _ type: Integer.Type) -> Integer {
            Integer(littleEndian: record.loadUnaligned(fromByteOffset: offset + position, as: type))
        }
        let limit = FileStatus.Time(seconds: time.seconds - 2, nanoseconds: time.nanoseconds)
        return FileStatus.Time(seconds: load(24, Int64.self), nanoseconds: Int64(load(40, UInt32.self))) < limit
            && FileStatus.Time(seconds: load(32, Int64.self), nanoseconds: Int64(load(44, UInt32.self))) < limit
    }
}
