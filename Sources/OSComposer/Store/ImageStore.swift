import Hashing
import JSON
import SystemCalls
import SystemPackage

/// The image cache: `CACHE_DIR/imageCache/HASH/`, a folder for each finished image, HASH its specification hash.
///
/// A folder appears by one rename, whole. Whoever changes the store holds its lock; who copies out of it, too, shared.
public struct ImageStore: Sendable {
    /// `CACHE_DIR/imageCache`.
    public let folder: FilePath

    /// Names the store of a cache folder.
    public init(cacheFolder: FilePath) {
        folder = cacheFolder.appending("imageCache")
    }

    /// The lock's file.
    var lock: FilePath { folder.appending(".lock") }

    /// Takes the store's lock, waiting for whoever has it.
    func hold(_ mode: OpenFileLock.Mode) async throws -> OpenFileLock { try await OpenFileLock.wait(for: lock, mode) }

    /// The folder of an image.
    public func folder(of specification: String) -> FilePath { folder.appending(specification) }

    /// All images, those used last first; a folder that is none of ours is left out.
    public func images() throws(ComposerError) -> [(image: StoredImage, lastUsed: Int64)] {
        var result: [(image: StoredImage, lastUsed: Int64)] = []
        do throws(SystemError) {
            guard try FileStatus.of(folder)?.kind == .directory else { return [] }
            for name in try Files.names(in: folder) where SHA256Digest(hexadecimal: name.string) != nil {
                if let image = try image(name.string) {
                    result.append((image, lastUse(of: name.string) ?? image.created))
                }
            }
        } catch {
            throw ComposerError(.failed, "cannot read the image cache: \(error)")
        }
        return result.sorted { ($1.lastUsed, $0.image.specification) < ($0.lastUsed, $1.image.specification) }
    }

    /// The image of a hash; nil where there is none that can be used.
    public func image(_ specification: String) throws(SystemError) -> StoredImage? {
        let bytes = try Files.readPlain(folder(of: specification).appending(StoredImage.document), limit: 4 << 20)
        guard let image = bytes.flatMap({ StoredImage($0) }), image.specification == specification else { return nil }
        return image
    }

    /// The one image whose hash begins so.
    public func image(beginning prefix: String) throws(ComposerError) -> StoredImage {
        let found = try images().map(\.image).filter { $0.specification.hasPrefix(prefix.lowercased()) }
        if found.count == 1, !prefix.isEmpty { return found[0] }
        throw ComposerError(
            .usage,
            "cannot use the image \(Printable.quoted(prefix)): "
                + (found.isEmpty ? "the image cache has none of that hash" : "\(found.count) images begin so"),
            hint: "image-composer cache list")
    }

    /// When an image was used last; nil where nothing was noted.
    func lastUse(of specification: String) -> Int64? {
        (try? FileStatus.of(folder(of: specification).appending(Self.used)))??.modified.seconds
    }

    /// Notes that an image is used now.
    func noteUse(of specification: String) {
        let file = folder(of: specification).appending(Self.used)
        if (try? Files.touch(file)) == nil { try? Files.create(file).close() }
    }

    /// Stands beside an image's files; its time is that of the last use.
    static let used: FilePath.Component = ".used"
}
