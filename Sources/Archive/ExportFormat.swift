/// The forms in which an image can be exported.
public enum ExportFormat: String, Hashable, Sendable, CaseIterable {
    /// Docker's archive, in the canonical form; compressed as a whole.
    case dockerArchive = "docker-archive"
    /// An OCI image layout in a tar; its layers are compressed.
    case ociArchive = "oci-archive"
    /// An OCI image layout in a folder; its layers are compressed.
    case ociDirectory = "oci"
}
