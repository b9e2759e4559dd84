import Archive
import Git
import OCI
import SystemCalls
import SystemPackage

/// An archive in the cache folder that scripts put there: `docker save -o NAME-TAG.tar`, with an `.md5` beside it.
public struct OldEntry: Hashable, Sendable {
    /// The archive.
    public let path: FilePath
    /// Its name without the ending.
    public let stem: String
    /// The image that it holds, as it names it, or as the file's name can be read.
    public let name: ImageName
    /// The pointer that stands in its place; nil where it is here.
    public let pointer: Pointer?
    /// Whether a sidecar stands beside it.
    public let hasSidecar: Bool

    /// Reads a file of the cache folder; nil where it is no archive of a script.
    init?(_ path: FilePath) throws {
        guard path.extension == "tar", let stem = path.stem, !stem.hasSuffix(".steps"), !stem.hasPrefix("."),
            try FileStatus.of(path)?.kind == .file,
            !Files.exists(path.removingLastComponent().appending(stem + ".inputs.json"))
        else { return nil }
        pointer = try Pointer.read(path)
        let names =
            pointer == nil ? ((try? ImageArchive(path).names()) ?? []).compactMap { Proposals.name($0) } : []
        let fitting = names.first { $0.stem(platform: .host) == stem || $0.stem(platform: .linuxAMD64) == stem }
        guard let name = fitting ?? names.first ?? Self.name(of: stem) else { return nil }
        self.path = path
        self.stem = stem
        self.name = name
        hasSidecar = Files.exists(path.removingLastComponent().appending(stem + ".md5"))
    }

    /// `NAME-TAG` parted at its last dash, before which a name can end.
    private static func name(of stem: String) -> ImageName? {
        guard let dash = stem.lastIndex(of: "-"), dash > stem.startIndex else {
            return try? ImageName(name: stem, tag: "latest")
        }
        return try? ImageName(name: String(stem[..<dash]), tag: String(stem[stem.index(after: dash)...]))
    }

    /// The archives of scripts in a cache folder.
    public static func all(in folder: FilePath) throws -> [OldEntry] {
        guard try FileStatus.of(folder)?.kind == .directory else { return [] }
        return try Files.names(in: folder).compactMap { try OldEntry(folder.appending($0)) }
    }
}
