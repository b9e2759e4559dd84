import Hashing
import SystemCalls
import SystemPackage

extension ImageStore {
    /// What bounds the store; nil is no bound.
    public struct Bounds: Hashable, Sendable {
        /// The most images of one template's name.
        public var count: Int?
        /// The most bytes of all images.
        public var bytes: Int64?

        /// Makes bounds.
        public init(count: Int? = nil, bytes: Int64? = nil) {
            self.count = count
            self.bytes = bytes
        }
    }

    /// The images that are beyond the bounds, those used longest ago first; `keeping` stays whatever they say.
    static func surplus(
        of images: [(image: StoredImage, lastUsed: Int64)], bounds: Bounds, keeping: String?
    ) -> [StoredImage] {
        var left: [String: Int] = [:]
        var total = images.map { Size($0.image.size) }.total { $0 }
        var surplus: [StoredImage] = []
        for (image, _) in images { left[image.name, default: 0] += 1 }
        for (image, _) in images.reversed() where image.specification != keeping {
            let isTooMany = bounds.count.map { left[image.name, default: 0] > $0 } ?? false
            let isTooLarge = bounds.bytes.map { total.bytes > $0 } ?? false
            guard isTooMany || isTooLarge else { continue }
            surplus.append(image)
            left[image.name, default: 0] -= 1
            total = total - Size(image.size)
        }
        return surplus
    }

    /// Removes what is beyond the bounds; what was removed.
    ///
    /// The caller holds the lock.
    func retain(_ bounds: Bounds, keeping: String?) throws(ComposerError) -> [StoredImage] {
        let surplus = Self.surplus(of: try images(), bounds: bounds, keeping: keeping)
        for image in surplus { try remove(image.specification) }
        return surplus
    }

    /// Removes an image, which is first moved aside, so that nobody sees half of it.
    ///
    /// The caller holds the lock.
    func remove(_ specification: String) throws(ComposerError) {
        do {
            let aside = Files.temporaryPath(beside: folder(of: specification))
            try Files.rename(folder(of: specification), to: aside)
            try Files.removeTree(aside)
        } catch {
            throw ComposerError(.failed, "cannot remove an image from the cache: \(error)")
        }
    }
}
