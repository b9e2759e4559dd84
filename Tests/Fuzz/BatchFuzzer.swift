import Git
import Hashing
import LFS
import SystemCalls

/// Reads any bytes as the answer to a batch request about two objects, in both directions.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzBatch(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let objects = [
        TransferObject(Pointer(oid: SHA256Digest.zero, size: 5)),
        TransferObject(Pointer(oid: SHA256Digest(of: []), size: Size(.max))),
    ]
    for operation in [TransferOperation.download, .upload] {
        for now in [0, 1_700_000_000, Int64.max] {
            let answers = try? BatchAnswer.read(bytes, from: "server", to: objects, operation, requestedAt: now)
            precondition(answers.map { $0.count == objects.count } ?? true, "an object got no answer, or two")
        }
    }
    return 0
}
