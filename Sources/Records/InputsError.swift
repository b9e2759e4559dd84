import Hashing
import SystemCalls
import SystemPackage

/// Why the inputs of an image cannot be had, with the place in the Dockerfile where there is one.
public struct InputsError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of failure that callers treat differently.
    public enum Kind: Hashable, Sendable {
        /// The Dockerfile, an ignore file or the request is wrong, or a source is not there (exit 2).
        case recipe
        /// The content of LFS files is neither in the work tree nor in the object store (exit 5).
        case missingObjects([MissingObject])
        /// A file changed while it was read, or between hashing and staging (exit 1).
        case changedWhileRead
        /// A record or lock was written by a newer program (exit 2).
        case newerAlgorithm
        /// A record was written by an older program, under the rules named here.
        case olderAlgorithm(String)
        /// A record or lock holds Git's conflict markers.
        case conflictMarkers
        /// A record or lock is no valid document.
        case damagedDocument
        /// A file of rules is larger than any that is taken (exit 7).
        case tooLarge
        /// The system refused something (exit 1).
        case system
    }

    /// An LFS object that staging needs and does not find.
    public struct MissingObject: Hashable, Sendable {
        /// The file in the context.
        public let path: RelativePath
        /// The object's id: the SHA-256 of its content.
        public let oid: SHA256Digest
        /// Bytes of the content.
        public let size: Size

        /// Names an object.
        public init(path: RelativePath, oid: SHA256Digest, size: Size) {
            self.path = path
            self.oid = oid
            self.size = size
        }
    }

    /// A key whose value names what is not there.
    public struct Fault: Hashable, Sendable {
        /// The key, such as `target` or `inputs[0]`.
        public let key: String
        /// What is wrong, such as `there is no stage "tst"`.
        public let reason: String
        /// The word that may be misspelt.
        public let word: String
        /// What is there.
        public let candidates: [String]

        /// Names a key and what its value could have meant.
        public init(_ key: String, _ reason: String, word: String, candidates: [String]) {
            self.key = key
            self.reason = reason
            self.word = word
            self.candidates = candidates
        }

        /// Names a key whose value is a path where nothing is.
        package init(_ key: String, _ reason: String, missing path: FilePath) {
            let names = (try? Files.names(in: path.removingLastComponent())) ?? []
            self.init(key, reason, word: path.lastComponent?.string ?? "", candidates: names.prefix(1000).map(\.string))
        }
    }

    /// The kind of failure.
    public let kind: Kind
    /// `cannot VERB OBJECT: REASON`, starting with `FILE:LINE` where the Dockerfile is at fault.
    public let description: String
    /// The next command or setting, where there is one.
    public let hint: String?
    /// The key of the image whose value is at fault; nil where none is.
    public let fault: Fault?

    /// Describes a failure.
    public init(_ kind: Kind, _ description: String, hint: String? = nil, fault: Fault? = nil) {
        self.kind = kind
        self.description = description
        self.hint = hint
        self.fault = fault
    }

    /// What the system refused.
    package init(_ error: SystemError) {
        self.init(.system, error.description)
    }

    /// A file or folder of the context that the system refuses.
    package init(inContext error: SystemError) {
        let isForbidden = error.errno == .permissionDenied
        self.init(
            .system, error.description,
            hint: isForbidden ? "name it in .dockerignore or .gitignore, or make it readable" : nil)
    }

    /// A file of the recipe that cannot be read: what is no regular file, or a link that leads away, is the recipe's.
    package init(reading name: String, _ error: SystemError) {
        switch error.errno {
        case .tooManySymbolicLinkLevels, .invalidArgument, .isDirectory, .noSuchAddressOrDevice, .fileTooLarge:
            self.init(.recipe, "cannot read \(name): \(error.reason)")
        default: self.init(error)
        }
    }
}
