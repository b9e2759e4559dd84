import Records

/// Reads any bytes as an inputs record; what is read is written so that it is read again as the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRecord(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let decision = try? InputsRecord.read(bytes, named: "record", .decision)
    guard let record = try? InputsRecord.read(bytes, named: "record", .all) else { return 0 }
    precondition(decision?.key == record.key, "the decision has another key")
    guard let again = try? InputsRecord.read(record.document, named: "record", .all) else {
        preconditionFailure("what was written cannot be read")
    }
    precondition(again.document == record.document, "the record changed on its way")
    var other = record
    other.key = .zero
    other.operations.reverse()
    _ = record.reasons(since: other).map(\.description)
    return 0
}
