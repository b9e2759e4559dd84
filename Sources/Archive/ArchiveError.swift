import SystemCalls

/// An image archive that cannot be read or written.
public struct ArchiveError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What sort of failure it is.
    public enum Kind: Hashable, Sendable {
        /// The archive is damaged, or no image archive at all.
        case corrupt
        /// The archive does not hold the image that was asked for, or several and none was named.
        case selection
        /// The archive is sound, but of a form that this program does not read.
        case unsupported
        /// The machine lacks libarchive.
        case missingLibrary(MissingLibrary)
        /// The system refused a call: no space, no permission, a reader that went away.
        case system(SystemError)
    }

    /// What sort of failure it is.
    public let kind: Kind
    /// The whole message: `cannot VERB OBJECT: REASON`.
    public let description: String

    /// Whether the archive is not to blame: the system refused a call, or a library is missing.
    public var isOfThisMachine: Bool {
        switch kind {
        case .system, .missingLibrary: true
        case .corrupt, .selection, .unsupported: false
        }
    }

    /// Records a failure.
    public init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }

    /// Takes over a failed system call.
    public init(_ error: SystemError) {
        self.init(.system(error), error.description)
    }

    /// Loads libarchive, which must be done before its first call.
    static func loadLibrary() throws(ArchiveError) {
        do {
            try SharedLibrary.archive.load()
        } catch {
            throw ArchiveError(.missingLibrary(error), error.description)
        }
    }

    /// A damaged archive: `cannot read OBJECT: REASON`.
    static func corrupt(_ object: String, _ reason: String) -> ArchiveError {
        ArchiveError(.corrupt, "cannot read \(object): \(reason)")
    }

    /// Runs `body`, taking over its system errors.
    static func wrapping<Result>(_ body: () throws -> Result) throws(ArchiveError) -> Result {
        do {
            return try body()
        } catch let error as ArchiveError {
            throw error
        } catch let error as SystemError {
            throw ArchiveError(error)
        } catch {
            throw ArchiveError(.corrupt, "cannot read an image archive: \(error)")
        }
    }
}
