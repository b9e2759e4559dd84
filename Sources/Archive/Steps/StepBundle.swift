import Glibc
import Hashing
import OCI
import SystemCalls
import SystemPackage

/// Images of an archive and of the steps beside it, as one docker-archive for an engine.
///
/// Without names none of them can take the place of another image.
public struct StepBundle: Sendable {
    /// What stands in the place of layers that the engine has.
    public enum Omission: Sendable {
        /// Nothing: the archive does not hold them.
        case nothing
        /// A hole of a file that is as long as the layer, which nobody is to read.
        case hole
    }

    private let archive: CanonicalFile
    private let steps: StepsFile
    /// The images, in the order of the manifest.
    public let images: [StepImage]

    /// Chooses images.
    ///
    /// - Parameters:
    ///   - archive: The archive.
    ///   - steps: The steps beside it.
    ///   - isWanted: Whether an image is one of them.
    public init(_ archive: CanonicalFile, _ steps: StepsFile, where isWanted: (StepImage) -> Bool = { _ in true }) {
        self.archive = archive
        self.steps = steps
        images = StepImage.sorted(steps.images.filter(isWanted))
    }

    /// The layers of all images, each once.
    public var layers: [SHA256Digest] { StepImage.layers(of: images) }

    /// Writes the images; every layer that is written is checked, and the manifest comes last.
    ///
    /// - Parameters:
    ///   - descriptor: Where to write.
    ///   - held: Layers that the engine has.
    ///   - omission: What stands in their place.
    ///   - names: The names of images that get some.
    ///   - progress: Told how many bytes were written so far.
    /// - Returns: How many bytes were written, holes left out.
    public func write(
        to descriptor: FileDescriptor, without held: Set<SHA256Digest> = [], _ omission: Omission = .nothing,
        names: [SHA256Digest: [ImageName]] = [:], progress: @escaping (Int64) -> Void = { _ in }
    ) throws(ArchiveError) -> Int64 {
        try ArchiveError.wrapping {
            let writer = CanonicalWriter(ByteSink(descriptor, named: "the steps", hashing: false))
            writer.sink.progress = progress
            var places = StepLayers([archive])
            places.add(steps.layers, of: steps.index)
            for digest in layers {
                guard held.contains(digest) else {
                    _ = try places.write(digest, to: writer)
                    continue
                }
                if case .nothing = omission { continue }
                let size = try places.size(digest)
                _ = try writer.begin(digest, size: size)
                let length = size + Int64(TarHeader.padding(size).count)
                try checked("write", "the steps") { lseek(descriptor.rawValue, off_t(length), SEEK_CUR) }
            }
            for image in images { try writer.config(image.config) }
            try writer.file("manifest.json", StepImage.manifest(images, names: names))
            try writer.sink.write(TarHeader.end)
            return writer.sink.count
        }
    }

    /// Writes the images as a file of their own, one of them with a name; what stands at `path` is replaced in one step.
    public func export(_ image: SHA256Digest, as name: ImageName, to path: FilePath) throws(ArchiveError) {
        try ImageArchive.requireParent(of: path)
        try ArchiveError.wrapping {
            try ImageArchive.writeFile(path) { _ = try write(to: $0, names: [image: [name]]) }
        }
    }
}
