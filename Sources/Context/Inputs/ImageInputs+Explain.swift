import Git
import Hashing
import Records
import SystemCalls
import SystemPackage

extension ImageInputs {
    /// Why the key differs from that of a record, with what work tree and repository can tell beside the two.
    public func reasons(since old: InputsRecord, repository: Repository?) -> [Reason] {
        if key == old.key { return [] }
        var evidence = InputsRecord.Evidence()
        let context = request.context
        evidence.exists = { Files.exists(context.appending($0)) }
        if let repository, let prefix = repository.relativePath(of: context) {
            if let text = old.git["commit"]?.string, let commit = ObjectID(hexadecimal: text) {
                evidence.existed = { path in
                    ((try? repository.entry(at: prefix.appending(path), in: commit)) ?? nil) != nil
                }
            }
            evidence.differsInLineEndsOnly = { old, new in
                Self.differsInLineEndsOnly(old, new, repository, context)
            }
        }
        return record.reasons(since: old, evidence: evidence)
    }

    /// The largest file whose line ends are compared.
    private static let comparedSize: Int64 = 4 << 20

    private static func differsInLineEndsOnly(
        _ old: FileRecord, _ new: FileRecord, _ repository: Repository, _ context: FilePath
    ) -> Bool {
        guard old.size != new.size, old.size <= comparedSize, new.size <= comparedSize,
            let now = (try? Files.readPlain(context.appending(new.path), limit: Int(comparedSize))) ?? nil
        else { return false }
        let plain = withoutCarriageReturns(now)
        // Of a file that Git converts no blob is recorded.
        let forms = [plain, withCarriageReturns(plain)]
        if let digest = old.digest, forms.contains(where: { SHA256Digest(of: $0) == digest }) { return true }
        guard let blob = old.blob, let before = (try? repository.blob(blob, limit: Int(comparedSize))) ?? nil else {
            return false
        }
        return withoutCarriageReturns(before) == plain
    }

    private static func withCarriageReturns(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        for byte in bytes {
            if byte == UInt8(ascii: "\n") { result.append(UInt8(ascii: "\r")) }
            result.append(byte)
        }
        return result
    }

    private static func withoutCarriageReturns(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for byte in bytes {
            if byte == UInt8(ascii: "\n"), result.last == UInt8(ascii: "\r") { result.removeLast() }
            result.append(byte)
        }
        return result
    }
}
