import Git

/// Reads any bytes as a file of Git's configuration, twice.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzGitConfiguration(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let first = try? GitConfiguration(parsing: bytes, file: "config")
    let second = try? GitConfiguration(parsing: bytes, file: "config")
    precondition((first == nil) == (second == nil), "one file was read in two ways")
    guard let first, let second else { return 0 }
    for name in ["core.ignorecase", "lfs.url", "lfs.concurrenttransfers", "core.excludesfile"] {
        precondition(first.string(name) == second.string(name), "one file was read in two ways")
        _ = try? first.bool(name)
        _ = try? first.int(name)
        _ = first.path(name)
    }
    return 0
}
