import Git

/// Reads any bytes as a pointer: what is read must be written so that it is read again as the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzPointer(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    guard let pointer = Pointer(parsing: bytes) else { return 0 }
    // An empty file has the empty text; an old version's shorter name may hide that the text is too long.
    if !pointer.isEmpty, pointer.encoded.count < Pointer.maximumLength {
        precondition(Pointer(parsing: pointer.encoded) == pointer, "the pointer changed on its way")
    }
    precondition(!Pointer.isCanonical(bytes) || pointer.encoded == bytes, "the canonical form is not unique")
    return 0
}
