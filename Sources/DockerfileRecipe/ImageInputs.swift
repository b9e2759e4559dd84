import Context
import Dockerfile
import Git
import Hashing
import OCI
import Records
import SystemCalls

/// The inputs of one image: its key, what the key was made of, and what a build needs.
public struct ImageInputs: Sendable {
    /// What was asked for.
    public let request: ImageRequest
    /// The evaluated Dockerfile; nil in opaque mode.
    public let plan: BuildPlan?
    /// The record of these inputs, without provenance.
    public let record: InputsRecord
    /// Remarks for the user, such as files that Git does not know.
    public let warnings: [String]
    /// The Dockerfile's bytes, as they were hashed.
    public let dockerfileBytes: [UInt8]
    let content: ContextContent
    let extras: InputExtras
    let lock: BaseLock

    /// The platform of the image that is made of these inputs: where its stage names one, that.
    public var imagePlatform: Platform { plan.map { $0.stages[$0.target].platform } ?? request.platform }

    /// The platform of an image that cannot be the one of these inputs; nil for one that can.
    ///
    /// A variant counts only where both are named, since many images leave it out.
    public func foreignPlatform(_ platform: Platform) -> Platform? {
        let own = imagePlatform
        return platform.os == own.os && platform.architecture == own.architecture ? nil : platform
    }

    /// The key: the SHA-256 of the inputs' canonical bytes.
    public var key: SHA256Digest { record.key }
    /// The MD5 of the same bytes, for the sidecar.
    public var md5: String { record.md5 }
    /// Reservations about the key.
    public var marks: [Mark] { record.marks }
    /// The files that count, sorted by path.
    public var files: FileTable { record.files }
    /// How many files had to be opened to compute the key.
    public var readCount: Int { content.readCount + extras.readCount }
}
