import Configuration
import Glibc
import SystemPackage

/// Reads any bytes as a cache-image.yml.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzConfiguration(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let path = "/dev/shm/cache-image-fuzz-\(getpid()).yml"
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    precondition(write(descriptor, start, count) == count && close(descriptor) == 0)
    var overrides = Overrides()
    overrides[.config] = path
    let first = try? ProjectConfiguration.load(overrides, from: FilePath("/dev/shm"), workTree: nil, environment: [:])
    let second = try? ProjectConfiguration.load(overrides, from: FilePath("/dev/shm"), workTree: nil, environment: [:])
    precondition((first == nil) == (second == nil), "one file was read in two ways")
    unlink(path)
    return 0
}
