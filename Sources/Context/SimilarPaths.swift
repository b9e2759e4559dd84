import Records

/// Paths that are one where the file system ignores case or Unicode form, as on macOS and Windows (rule 17).
package enum SimilarPaths {
    /// A name without case and in one Unicode form.
    static func folded(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self).lowercased()
    }

    /// The paths of a table that equal an earlier one, each with that one.
    package static func pairs(in table: FileTable) -> [(String, String)] {
        var seen: [String: Int] = [:]
        var pairs: [(String, String)] = []
        for (index, entry) in table.entries.enumerated() {
            let name = table.name(entry)
            if let first = seen.updateValue(index, forKey: folded(name)) {
                pairs.append(
                    (
                        String(decoding: table.name(table.entries[first]), as: UTF8.self),
                        String(decoding: name, as: UTF8.self)
                    ))
            }
        }
        return pairs
    }
}
