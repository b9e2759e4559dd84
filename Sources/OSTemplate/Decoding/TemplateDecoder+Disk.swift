import SystemCalls

extension TemplateDecoder {
    private static let types = [
        "esp", "linux", "bios", "linux-swap", "xbootldr", "linux-root-amd64", "linux-root-arm64", "linux-home",
        "linux-srv", "linux-var", "linux-tmp", "linux-lvm", "linux-raid",
    ]
    private static let encrypted = ["linux-luks", "linux-dm-crypt"]
    private static let fileSystems = ["ext2", "ext3", "ext4", "fat16", "fat32", "vfat", "swap", "linux-swap"]
    private static let flags = ["esp", "boot", "legacy_boot", "bios_grub", "bios-grub", "grub", "dmroot"]

    /// `disk`.
    func readDisk(_ imageType: OSTemplate.ImageType?) -> DiskConfig {
        var disk = DiskConfig()
        guard let map = root.map("disk") else { return disk }
        disk.name = optional(map, "name", PlainText.fileName) ?? disk.name
        if let size = map.size("size") {
            if size > 0 && size < 1 << 20 {
                map.mistake("size", "is below 1 MiB", hint: "write the size of the whole disk, such as 4GiB")
            }
            disk.size = size > 0 ? size : nil
        }
        if let table = map.text("partitionTableType"), table != "gpt" {
            map.mistake(
                "partitionTableType", "\(Printable.quoted(Printable.escaped(table))) is not supported",
                hint: "write gpt")
        }
        disk.artifacts = readArtifacts(map, imageType)
        disk.partitions = readPartitions(map, diskSize: disk.size)
        return disk
    }

    private func readArtifacts(_ map: MapReader, _ imageType: OSTemplate.ImageType?) -> [DiskConfig.Artifact] {
        var result: [DiskConfig.Artifact] = []
        for element in map.maps("artifacts") {
            if element.value("type") == nil { _ = element.required("type") }
            guard let kind = element.word("type", DiskConfig.Artifact.Kind.self) else { continue }
            if imageType == .img, [.raw, .qcow2, .vhd, .vhdx, .vmdk, .vdi].contains(kind) {
                element.mistake(
                    "type", "\(kind.rawValue) is a disk, and target.imageType is img",
                    hint: "write imageType: raw, or the type tar")
                continue
            }
            var compression: DiskConfig.Artifact.Compression?
            if element.text("compression") == "gzip" {
                compression = .gz
            } else {
                compression = element.word("compression", DiskConfig.Artifact.Compression.self)
            }
            let artifact = DiskConfig.Artifact(kind, compression: compression)
            if result.contains(artifact) {
                element.mistake("type", "\(kind.rawValue) is asked for twice", hint: "remove one of them")
            } else {
                result.append(artifact)
            }
        }
        return result
    }

    private func readPartitions(_ map: MapReader, diskSize: Int64?) -> [DiskConfig.Partition] {
        var ids: Set<String> = []
        var mountPoints: Set<String> = []
        var previous: (id: String, end: Int64?)?
        let elements = map.maps("partitions")
        if elements.count > 128 {
            map.mistake(
                "partitions", "holds \(elements.count) partitions, and GPT has room for 128", hint: "write fewer")
            return []
        }
        return elements.map { element in
            var id = ""
            if let text = element.required("id"), passes(element, "id", text, PlainText.fileName) {
                id = text
                if !ids.insert(text).inserted {
                    element.mistake("id", "\(text) occurs twice", hint: "give each partition an id of its own")
                }
            }
            var partition = DiskConfig.Partition(id: id)
            partition.name = optional(element, "name", Self.label) ?? ""
            partition.fsLabel = optional(element, "fsLabel", Self.label) ?? ""
            readKind(element, &partition)
            partition.flags = element.texts("flags") { flag in
                Self.flags.contains(flag) ? nil : "is no flag; the flags are \(Printable.alternatives(Self.flags))"
            }
            readMount(element, &partition, &mountPoints)
            checkFileSystem(element, partition)
            readPlace(element, &partition, previous, diskSize: diskSize)
            previous = (id, partition.end)
            return partition
        }
    }

    private func readKind(_ element: MapReader, _ partition: inout DiskConfig.Partition) {
        if let type = element.text("type") {
            if Self.encrypted.contains(type) {
                element.mistake("type", "\(type) is not supported", hint: "write linux: nothing is encrypted")
            } else if type == "bios-boot" {
                partition.type = "bios"
            } else if Self.types.contains(type) {
                partition.type = type
            } else {
                element.mistake(
                    "type", "\(Printable.quoted(Printable.escaped(type))) is not supported",
                    hint: Spelling.nearest(to: type, in: Self.types).map { "did you mean \($0)?" }
                        ?? "write \(Printable.alternatives(Self.types))")
            }
        }
        partition.typeUUID = optional(element, "typeUUID", Self.uuid)?.lowercased() ?? ""
        if let text = element.text("fsType") {
            if Self.fileSystems.contains(text) {
                partition.fsType = text
            } else {
                element.mistake(
                    "fsType", "\(Printable.quoted(Printable.escaped(text))) is not supported",
                    hint: "write \(Printable.alternatives(Self.fileSystems))")
            }
        }
    }

    private func readMount(
        _ element: MapReader, _ partition: inout DiskConfig.Partition, _ known: inout Set<String>
    ) {
        partition.mountOptions = optional(element, "mountOptions", PlainText.word) ?? ""
        guard let text = element.text("mountPoint"), text != "none", !text.isEmpty else { return }
        if !passes(element, "mountPoint", text, { PlainText.absolutePath($0) ?? PlainText.word($0) }) { return }
        partition.mountPoint = text
        if !known.insert(text).inserted {
            element.mistake("mountPoint", "\(text) occurs twice", hint: "mount one of them elsewhere")
        }
    }

    /// What no file system can have; told here, since a disk is made at the end of a build.
    private func checkFileSystem(_ element: MapReader, _ partition: DiskConfig.Partition) {
        let isExt = partition.fsType.hasPrefix("ext")
        let limit = partition.fsType.contains("fat") ? 11 : 16
        if partition.fsLabel.utf8.count > limit {
            element.mistake("fsLabel", "has to be of \(limit) characters at most", hint: "shorten it")
        }
        if partition.mountPoint.isEmpty || element.value("fsType") != nil && partition.fsType.isEmpty { return }
        if partition.fsType.isEmpty {
            element.mistake("mountPoint", "needs a file system", hint: "add fsType: ext4")
        } else if partition.mountPoint == "/", !isExt {
            element.mistake(
                "fsType", "of the root file system has to be ext2, ext3 or ext4", hint: "write fsType: ext4")
        }
    }

    private func readPlace(
        _ element: MapReader, _ partition: inout DiskConfig.Partition, _ previous: (id: String, end: Int64?)?,
        diskSize: Int64?
    ) {
        partition.start = element.size("start") ?? 0
        if let end = element.size("end"), end > 0 {
            partition.end = end
            if end <= partition.start {
                element.mistake("end", "is not behind start", hint: "write an end behind start, or 0 for the rest")
            }
            if let diskSize, end > diskSize {
                element.mistake("end", "is behind the end of the disk", hint: "make disk.size larger")
            }
        }
        guard let previous, element.value("start") != nil else { return }
        if let end = previous.end {
            if partition.start < end {
                element.mistake(
                    "start", "is before the end of \(Printable.quoted(Printable.escaped(previous.id)))",
                    hint: "write partitions in the order in which they lie on the disk")
            }
        } else {
            element.mistake(
                "start",
                "lies in \(Printable.quoted(Printable.escaped(previous.id))), which takes the rest of the disk",
                hint: "give that one an end")
        }
    }

    private static func label(_ text: String) -> String? {
        text.utf16.count <= 36
            && text.utf8.allSatisfy {
                (0x20..<0x7F).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
            }
            ? nil : "has to be of 36 plain characters at most"
    }

    private static func uuid(_ text: String) -> String? {
        let groups = text.split(separator: "-", omittingEmptySubsequences: false)
        let isGood =
            groups.map(\.utf8.count) == [8, 4, 4, 4, 12]
            && groups.allSatisfy { $0.allSatisfy { $0.isASCII && $0.isHexDigit } }
        return isGood ? nil : "has to be a UUID"
    }
}
