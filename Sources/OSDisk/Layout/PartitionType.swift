import OSTemplate
import SystemCalls

/// The GUIDs of partition types, by the names that templates have for them.
///
/// https://uapi-group.org/specifications/specs/discoverable_partitions_specification/
enum PartitionType {
    static let esp = "c12a7328-f81f-11d2-ba4b-00a0c93ec93b"
    static let linux = "0fc63daf-8483-4772-8e79-3d69d8477de4"
    static let bios = "21686148-6449-6e6f-744e-656564454649"
    static let swap = "0657fd6d-a4ab-43c4-84e5-0933c84b4f4f"

    static let named: [String: String] = [
        "esp": esp, "linux": linux, "bios": bios, "linux-swap": swap,
        "xbootldr": "bc13c2ff-59e6-4262-a352-b275fd6f7172",
        "linux-root-amd64": "4f68bce3-e8cd-4db1-96e7-fbcaf984b709",
        "linux-root-arm64": "b921b045-1df0-41c3-af44-4c6f280d3fae",
        "linux-home": "933ac7e1-2eb4-4f13-b844-0e14e2aef915",
        "linux-srv": "3b8f8425-20e0-4f3b-907f-1a25a76f98e8",
        "linux-var": "4d21b016-b534-45c2-a9fb-5c16e091fd2d",
        "linux-tmp": "7ec6f557-3bc5-4aca-b293-16ef5df639d1",
        "linux-lvm": "e6d6d379-f507-44c2-a23c-238f2a3df928",
        "linux-raid": "a19d880f-05fc-4d3b-a006-743f0f84911e",
        "linux-luks": "ca7d7ccb-63ed-4c53-861c-1742536059cc",
        "linux-dm-crypt": "7ffec5c9-2d00-49b7-8941-3ea10a5586b7",
    ]

    /// The type of a partition: as `typeUUID` or `type` say, else by its flags and its file system.
    static func guid(of partition: DiskConfig.Partition) throws -> String {
        if !partition.typeUUID.isEmpty {
            let text = partition.typeUUID.lowercased()
            // Some templates write a name there.
            if let known = named[text] { return known }
            if isUUID(text) { return text }
            throw problem(partition, "its typeUUID \(Printable.quoted(Printable.escaped(text))) is no UUID")
        }
        if !partition.type.isEmpty {
            if let known = named[partition.type] { return known }
            var hint: String?
            if let near = Spelling.nearest(to: partition.type, in: named.keys.sorted()) {
                hint = "did you mean \(near)?"
            }
            throw problem(
                partition, "its type \(Printable.quoted(Printable.escaped(partition.type))) is not known", hint: hint)
        }
        if partition.flags.contains("esp") { return esp }
        if !Set(partition.flags).isDisjoint(with: ["bios_grub", "bios-grub"]) { return bios }
        return FileSystemKind(rawValue: partition.fsType) == .swap ? swap : linux
    }

    static func problem(_ partition: DiskConfig.Partition, _ reason: String, hint: String? = nil) -> DiskError {
        DiskError(
            .template, "cannot make partition \(Printable.quoted(Printable.escaped(partition.id))): \(reason)",
            hint: hint)
    }

    private static func isUUID(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        return parts.map(\.count) == [8, 4, 4, 4, 12]
            && parts.allSatisfy { $0.allSatisfy { $0 &- 0x30 < 10 || $0 &- 0x61 < 6 } }
    }
}
