import OSTemplate

/// The script by which sfdisk writes the table.
///
/// sfdisk(8), "Input formats".
enum PartitionTable {
    static func script(_ layout: PartitionLayout, identifiers: DiskIdentifiers) -> String {
        let last = layout.size / PartitionLayout.sector - 34
        var lines = [
            "label: gpt", "label-id: \(identifiers.uuid("disk"))", "unit: sectors", "first-lba: 34",
            "last-lba: \(last)", "",
        ]
        for place in layout.places {
            let partition = place.partition
            let name = partition.name.isEmpty ? partition.id : partition.name
            var line = "start=\(place.start / PartitionLayout.sector), size=\(place.size / PartitionLayout.sector)"
            line += ", type=\(place.type), uuid=\(place.uuid), name=\"\(name)\""
            if partition.flags.contains("legacy_boot") { line += ", attrs=\"LegacyBIOSBootable\"" }
            lines.append(line)
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
