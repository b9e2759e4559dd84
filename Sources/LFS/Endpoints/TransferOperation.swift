/// The direction of a transfer, by its name in the Batch API.
public enum TransferOperation: String, Hashable, Sendable {
    case download, upload
}
