/// The choice of the earlier tree to which the fewest packages have to be added.
enum NearestTree {
    /// The trees of packages that may be grown to the wanted set, the nearest first.
    ///
    /// Such a tree has the same base and nothing that is not wanted, each package in the wanted version.
    static func candidates(
        _ records: [TreeRecord], baseKey: String, wanted: [TreeRecord.Part]
    ) -> [TreeRecord] {
        let set = Set(wanted)
        return records.filter { $0.kind == .packages && $0.baseKey == baseKey && set.isSuperset(of: $0.packages) }
            .sorted { ($0.packages.count, $0.used) > ($1.packages.count, $1.used) }
    }

    /// The trees beyond the `count` of each kind that were used last.
    static func surplus(_ records: [TreeRecord], keeping count: Int) -> [TreeRecord] {
        Dictionary(grouping: records, by: \.kind).values.flatMap {
            $0.sorted { $0.used > $1.used }.dropFirst(count)
        }
    }
}
