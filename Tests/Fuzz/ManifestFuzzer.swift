import OCI
import Registry

/// Reads any bytes as a registry's manifest, and as an image's config.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzManifest(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    if case .index(let manifests) = try? Manifest(parsing: bytes) { _ = manifests.manifest(for: .host) }
    if let config = try? ImageConfig(bytes: bytes) { precondition(config.bytes == bytes, "the config's bytes changed") }
    return 0
}
