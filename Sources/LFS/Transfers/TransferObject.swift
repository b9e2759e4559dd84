import Git
import Hashing
import SystemCalls

/// An object to transfer, and the file that wants it, for messages.
public struct TransferObject: Hashable, Sendable {
    /// The object's name and size.
    public let pointer: Pointer
    /// A path that holds the pointer; nil where none is known.
    public let path: RelativePath?

    /// Names an object.
    public init(_ pointer: Pointer, path: RelativePath? = nil) {
        self.pointer = pointer
        self.path = path
    }

    /// The object's id.
    package var oid: SHA256Digest { pointer.oid }

    /// `LFS object OID (PATH)`, for messages.
    package var name: String {
        "LFS object \(oid.hexadecimal)" + (path.map { " (\($0))" } ?? "")
    }
}

/// What became of one object.
public struct TransferOutcome: Sendable {
    /// What a transfer did.
    public enum Result: Sendable {
        /// The bytes went over.
        case transferred
        /// The other side had it, or this one.
        case alreadyThere
        /// It would be transferred: nothing was, for `--dry-run`, or since another object is missing.
        case planned
        /// It failed; the others may have been transferred all the same.
        case failed(LFSError)
    }

    /// The object.
    public let object: TransferObject
    /// What was done.
    public let result: Result

    /// The error, where there was one.
    public var error: LFSError? {
        if case .failed(let error) = result { error } else { nil }
    }

    /// What became of an object.
    package init(object: TransferObject, result: Result) {
        self.object = object
        self.result = result
    }
}

/// How far a transfer is; told often, from several threads.
public struct TransferProgress: Hashable, Sendable {
    /// Objects that are over.
    public var finishedObjects = 0
    /// Objects to transfer.
    public var totalObjects = 0
    /// Bytes that are over.
    public var finishedBytes: Size = 0
    /// Bytes to transfer.
    public var totalBytes: Size = 0
}
