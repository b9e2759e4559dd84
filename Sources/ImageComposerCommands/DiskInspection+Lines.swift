import Console
import OSDisk
import SystemCalls

extension DiskInspection {
    /// What `inspect` prints, a fact a line.
    var lines: [String] {
        var lines = ["\(path.string): \(format), \(Quantity.bytes(Size(size)))"]
        if let virtualSize, virtualSize != size { lines[0] += ", a disk of \(Quantity.bytes(Size(virtualSize)))" }
        if let diskID { lines.append("GPT \(diskID)") }
        for partition in partitions {
            let content = partition.fileSystem.map { ", \($0.words)" } ?? ""
            lines.append(
                "\(partition.number) \(partition.name) (\(partition.typeName ?? partition.type)), at "
                    + "\(Quantity.bytes(Size(partition.start))), \(Quantity.bytes(Size(partition.size)))\(content)")
        }
        if let fileSystem { lines.append(fileSystem.words) }
        if let archive {
            lines.append(Quantity.count(Int(clamping: archive.members), "member"))
            if let name = archive.osRelease["PRETTY_NAME"] { lines.append(name) }
            if !archive.names.isEmpty { lines.append("image \(archive.names.joined(separator: ", "))") }
            if let platform = archive.platform { lines.append("for \(platform)") }
            if let layers = archive.layers { lines.append(Quantity.count(layers, "layer")) }
        }
        return lines
    }
}

extension DiskInspection.FileSystem {
    /// One line's part.
    fileprivate var words: String {
        var words = type
        if !label.isEmpty { words += " \(label)" }
        if !uuid.isEmpty { words += " \(uuid)" }
        if let free, let size { words += ", \(Quantity.bytes(Size(free))) of \(Quantity.bytes(Size(size))) free" }
        return words
    }
}
