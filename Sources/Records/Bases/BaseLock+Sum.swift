import Hashing
import JSON
import OCI

extension BaseLock.Entry {
    /// The member `sum` of an entry: what shows that it is as it was written, for this reference and platform.
    ///
    /// Each entry has its own, so that Git can merge two locks line by line.
    func sum(_ reference: ImageReference, _ platform: Platform) -> String {
        String(SHA256Digest(of: "\(reference)\n\(platform)\n\(json.text)".utf8).hexadecimal.prefix(16))
    }

    /// The entry as the document has it.
    func member(_ reference: ImageReference, _ platform: Platform) -> JSONValue {
        guard case .object(let members) = json else { return json }
        return .object(members + [.init("sum", .string(sum(reference, platform)))])
    }
}

extension BaseLock {
    /// What shows that a document is not as it was written; empty for a sound one.
    ///
    /// An entry of an older program has no sum, and nothing is said of it.
    public static func flaws(of document: [UInt8], named name: String) -> [String] {
        let lock: BaseLock
        do { lock = try read(document, named: name) } catch { return [error.description] }
        guard let json = try? JSONValue(parsing: document) else { return [] }
        var found: [String] = []
        var sums = 0
        for reference in json.members ?? [] {
            guard let known = try? ImageReference(reference.name) else { continue }
            for platform in reference.value.members ?? [] {
                guard let sum = platform.value["sum"] else { continue }
                sums += 1
                guard let key = try? Platform(reading: platform.name, .buildKit), let entry = lock[known, key],
                    sum.string == entry.sum(known, key)
                else {
                    found.append("its entry of \(reference.name) for \(platform.name) is not as it was written")
                    continue
                }
            }
        }
        if found.isEmpty, document != (sums > 0 ? lock.document : lock.documentWithoutSums) {
            found.append("it is not in the form in which it is written")
        }
        return found
    }
}
