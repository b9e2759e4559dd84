import JSON
import SystemCalls

extension DiskInspection {
    /// All of it as JSON; members without a value are left out.
    public var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("path", .string(path.string)), .init("format", .string(format)), .init("size", .integer(size)),
        ]
        if let virtualSize { members.append(.init("virtualSize", .integer(virtualSize))) }
        if let diskID {
            members.append(.init("partitionTable", .object([.init("type", "gpt"), .init("id", .string(diskID))])))
            members.append(.init("partitions", .array(partitions.map(\.json))))
        }
        if let fileSystem { members.append(.init("fileSystem", fileSystem.json)) }
        if let archive { members.append(.init("archive", archive.json)) }
        return .object(members)
    }
}

extension DiskInspection.FileSystem {
    var json: JSONValue {
        var members: [JSONValue.Member] = [.init("type", .string(type))]
        if !label.isEmpty { members.append(.init("label", .string(label))) }
        if !uuid.isEmpty { members.append(.init("uuid", .string(uuid))) }
        if let size { members.append(.init("size", .integer(size))) }
        if let free { members.append(.init("free", .integer(free))) }
        return .object(members)
    }
}

extension DiskInspection.Partition {
    var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("number", .integer(Int64(number))), .init("start", .integer(start)), .init("size", .integer(size)),
            .init("type", .string(type)),
        ]
        if let typeName { members.append(.init("typeName", .string(typeName))) }
        members += [.init("uuid", .string(uuid)), .init("name", .string(name))]
        if let fileSystem { members.append(.init("fileSystem", fileSystem.json)) }
        return .object(members)
    }
}

extension DiskInspection.Archive {
    var json: JSONValue {
        var members: [JSONValue.Member] = [.init("members", .integer(self.members))]
        if !osRelease.isEmpty { members.append(.init("osRelease", .map(osRelease.mapValues { .string($0) }))) }
        if let layers {
            members.append(.init("names", .strings(names)))
            if let platform { members.append(.init("platform", .string(platform))) }
            members.append(.init("layers", .integer(Int64(layers))))
        }
        return .object(members)
    }
}
