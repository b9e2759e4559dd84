import Hashing
import JSON
import OCI

/// An image that a rebuild can reuse: a base image, what a step made, or the image itself.
public struct StepImage: Hashable, Sendable {
    /// Its config, byte for byte.
    public let config: ImageConfig
    /// The image that it was made from by one step, where the engine tells that; docker's builder looks for it.
    public let parent: SHA256Digest?

    /// Describes an image.
    public init(config: ImageConfig, parent: SHA256Digest? = nil) {
        self.config = config
        self.parent = parent
    }

    /// The image ID.
    public var id: SHA256Digest { config.digest }
}

extension StepImage {
    /// The images in the one order that does not depend on who tells of them: those of few steps first.
    ///
    /// Each is listed once, and a parent that is not among them is left out.
    static func sorted(_ images: [StepImage]) -> [StepImage] {
        var byID: [SHA256Digest: StepImage] = [:]
        for image in images where byID[image.id]?.parent == nil { byID[image.id] = image }
        let kept = byID.values.map { image in
            StepImage(config: image.config, parent: image.parent.flatMap { byID[$0] == nil ? nil : $0 })
        }
        return kept.sorted { first, second in
            let (one, other) = (first.config.stepCount, second.config.stepCount)
            return one == other ? first.id.hexadecimal < second.id.hexadecimal : one < other
        }
    }

    /// The layers of images in the order in which an archive holds them: each once, as they are first named.
    static func layers(of images: [StepImage]) -> [SHA256Digest] {
        var seen: Set<SHA256Digest> = []
        return images.flatMap(\.config.diffIDs).filter { seen.insert($0).inserted }
    }

    /// The bytes of a `manifest.json` that names images: members in a fixed order, no spaces, one LF.
    ///
    /// - Parameters:
    ///   - images: The images, in their order.
    ///   - names: The names of images that get some; the others have none.
    static func manifest(_ images: [StepImage], names: [SHA256Digest: [ImageName]] = [:]) -> [UInt8] {
        let entries = images.map { image -> JSONValue in
            let own = names[image.id].map { JSONValue.strings($0.map(\.description)) }
            var members: [JSONValue.Member] = [
                .init("Config", .string(CanonicalWriter.member(image.id))), .init("RepoTags", own ?? .null),
                .init("Layers", .strings(image.config.diffIDs.map(CanonicalWriter.member))),
            ]
            if let parent = image.parent { members.append(.init("Parent", .string(parent.description))) }
            return .object(members)
        }
        return Array((JSONValue.array(entries).text + "\n").utf8)
    }
}

extension ImageConfig {
    /// How many steps made the image, as its history tells.
    var stepCount: Int { json["history"]?.array?.count ?? 0 }
}
