/// A GUID partition table, as far as an inspection shows it.
///
/// UEFI specification 2.10, chapter 5.3.
struct GuidTable: Hashable, Sendable {
    let diskID: String
    let partitions: [DiskInspection.Partition]
    private static let sector: Int64 = 512

    /// Reads the first of the two tables; nil where there is none.
    static func read(_ source: some ByteSource) async throws -> GuidTable? {
        let header = try await source.bytes(at: sector, count: 512)
        guard header.count == 512, header.starts(with: "EFI PART".utf8) else { return nil }
        let count = Int(clamping: header.number(at: 80, 4))
        let length = Int(clamping: header.number(at: 84, 4))
        let place = header.number(at: 72, 8)
        guard (1...1024).contains(count), (128...4096).contains(length), place >= 2, place < 1 << 40 else { return nil }
        let entries = try await source.bytes(at: Int64(place) * sector, count: count * length)
        var partitions: [DiskInspection.Partition] = []
        for index in 0..<(entries.count / length) {
            let entry = Array(entries[index * length..<(index + 1) * length])
            if entry[0..<16].allSatisfy({ $0 == 0 }) { continue }
            let (first, last) = (entry.number(at: 32, 8), entry.number(at: 40, 8))
            // What does not lie on the disk is no partition.
            guard first <= last, last < UInt64(max(0, source.size)) / UInt64(sector) else { continue }
            let units = stride(from: 56, to: 128, by: 2).map { UInt16(entry.number(at: $0, 2)) }
            let type = entry.uuid(at: 0, isGUID: true)
            partitions.append(
                .init(
                    number: index + 1, start: Int64(first) * sector, size: Int64(last - first + 1) * sector,
                    type: type, typeName: PartitionType.named.first { $0.value == type }?.key,
                    uuid: entry.uuid(at: 16, isGUID: true),
                    name: String(decoding: units.prefix { $0 != 0 }, as: UTF16.self)))
        }
        return GuidTable(diskID: header.uuid(at: 56, isGUID: true), partitions: partitions)
    }
}
