import Records

/// Reads any bytes as a lock of base images; what is read is written so that it is read again as the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzLock(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    guard let lock = try? BaseLock.read(bytes, named: "lock") else { return 0 }
    guard let again = try? BaseLock.read(lock.document, named: "lock") else {
        preconditionFailure("what was written cannot be read")
    }
    precondition(again == lock, "the lock changed on its way")
    return 0
}
