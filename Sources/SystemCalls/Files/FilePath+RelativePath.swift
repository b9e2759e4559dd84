import Glibc
import SystemPackage

extension FilePath {
    /// Takes a path's bytes as they are.
    public init(bytes: some Collection<UInt8>) {
        var text = bytes.map { CChar(bitPattern: $0) }
        text.append(0)
        self.init(platformString: text)
    }

    /// The path's bytes.
    public var bytes: [UInt8] {
        withPlatformString { text in
            var bytes: [UInt8] = []
            var next = text
            while next.pointee != 0 {
                bytes.append(UInt8(bitPattern: next.pointee))
                next += 1
            }
            return bytes
        }
    }

    /// The path with a text right behind its last name, such as an ending.
    public func withSuffix(_ text: String) -> FilePath { FilePath(bytes: bytes + text.utf8) }

    /// The path of a file below this folder.
    public func appending(_ path: RelativePath) -> FilePath {
        path.bytes.isEmpty ? self : FilePath(bytes: bytes + [UInt8(ascii: "/")] + path.bytes)
    }

    /// This path as it is seen from a folder, up from it by `..`; `.` for the folder itself.
    public func seen(from folder: FilePath) -> String {
        var target = Array(lexicallyNormalized().components)
        var start = Array(folder.lexicallyNormalized().components)
        while let first = target.first, first == start.first {
            target.removeFirst()
            start.removeFirst()
        }
        let components = start.map { _ in ".." } + target.map(\.string)
        return components.isEmpty ? "." : components.joined(separator: "/")
    }

    /// The rest of this path below `folder`, both lexically normal; nil where it does not lie there.
    public func relative(to folder: FilePath) -> RelativePath? {
        var prefix = folder.bytes
        let whole = bytes
        if whole == prefix { return RelativePath(bytes: []) }
        if prefix.last != UInt8(ascii: "/") { prefix.append(UInt8(ascii: "/")) }
        return whole.starts(with: prefix) ? RelativePath(bytes: Array(whole[prefix.count...])) : nil
    }

    /// Whether this path, lexically normal, is a `.git` below `folder` or lies in one.
    public func isInGitFolder(below folder: FilePath) -> Bool {
        relative(to: folder)?.components.contains { String(decoding: $0, as: UTF8.self).lowercased() == ".git" }
            ?? false
    }
}

extension Files {
    /// The path with every link resolved; an error where it does not exist.
    public static func realPath(_ path: FilePath) throws(SystemError) -> FilePath {
        guard let resolved = path.withPlatformString({ realpath($0, nil) }) else {
            throw SystemError.last("resolve", path.string)
        }
        defer { free(resolved) }
        return FilePath(platformString: resolved)
    }

    /// The current folder with every link resolved; an error where it was removed.
    public static func currentFolder() throws(SystemError) -> FilePath {
        guard let path = getcwd(nil, 0) else { throw SystemError.last("find", "the current folder") }
        defer { free(path) }
        return FilePath(platformString: path)
    }
}
