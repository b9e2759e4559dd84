import Dockerfile

extension ImageInputs {
    /// The base images: normalised reference, reference as written, platform.
    public var baseReferences: [(reference: String, written: String, platform: String)] {
        if let plan { return plan.bases.map { ($0.name, $0.text, $0.platform) } }
        return record.bases.map { ($0.reference, $0.reference, record.platform) }
    }
}
