import OCI

extension ImageInputs {
    /// A base image as the build takes it.
    public struct Base: Hashable, Sendable {
        /// The reference in its full form.
        public let reference: ImageReference
        /// The reference as the recipe has it; the full form where the recipe is not understood.
        public let written: String
        /// The platform that is asked for.
        public let platform: Platform
    }

    /// The base images, in the order of their lines.
    public var baseReferences: [Base] {
        if let plan {
            return plan.bases.map { Base(reference: $0.reference, written: $0.text, platform: $0.platform) }
        }
        return record.bases.map {
            Base(reference: $0.reference, written: $0.reference.description, platform: request.platform)
        }
    }
}
