import SystemPackage

/// Where the files of one entry lie in the cache folder (docs/design.md, "On disk").
public struct EntryPaths: Hashable, Sendable {
    /// The cache folder.
    public let folder: FilePath
    /// `NAME-TAG`, escaped, with the platform where it is not linux/amd64; never parsed back.
    public let stem: String
    /// Files elsewhere that are staged with the entry where they are there, such as the lock file of a template.
    public let companions: [FilePath]

    /// Names the entry `stem` of a cache folder.
    public init(folder: FilePath, stem: String, companions: [FilePath] = []) {
        self.companions = companions
        self.folder = folder
        self.stem = stem
    }

    /// The image itself.
    public var archive: FilePath { folder.appending(stem + ".tar") }
    /// The MD5 of the key's canonical bytes.
    public var sidecar: FilePath { folder.appending(stem + ".md5") }
    /// What the key was made of.
    public var record: FilePath { folder.appending(stem + ".inputs.json") }
    /// What a rebuild can reuse.
    public var steps: FilePath { folder.appending(stem + ".steps.tar") }
    /// The identities of base images, shared by all entries of the folder.
    public var baseLock: FilePath { Self.baseLock(in: folder) }

    /// The identities of base images in a cache folder.
    static func baseLock(in folder: FilePath) -> FilePath { folder.appending("bases.lock.json") }

    /// All of them.
    var all: [FilePath] { [archive, sidecar, record, steps, baseLock] }
}
