import Git
import Hashing
import OCI
import Records
import SystemCalls

/// The inputs of one image, whatever its recipe: its key, and what the key was made of.
public struct ImageInputs: Sendable {
    /// A base image as the build takes it.
    public struct Base: Hashable, Sendable {
        /// The reference in its full form.
        public let reference: ImageReference
        /// The reference as the recipe has it; the full form where the recipe is not understood.
        public let written: String
        /// The platform that is asked for.
        public let platform: Platform
        /// The declared image that it is; nil where it comes from elsewhere.
        public let declared: ImageName?

        /// Names a base image.
        package init(reference: ImageReference, written: String, platform: Platform, declared: ImageName?) {
            self.reference = reference
            self.written = written
            self.platform = platform
            self.declared = declared
        }
    }

    /// What was asked for.
    public let request: ImageRequest
    /// The record of these inputs, without provenance.
    public let record: InputsRecord
    /// Remarks for the user, such as files that Git does not know.
    public let warnings: [String]
    /// The base images, in the order of their lines.
    public let bases: [Base]
    /// The platform of the image that is made of these inputs: where the recipe names one, that.
    public let imagePlatform: Platform
    /// How containers of the image run, as far as images need to know that are made from it: environment, folder, user,
    /// shell, triggers; nil where it is not known without an engine.
    public let runtime: RuntimeConfig?
    package let content: ContextContent
    package let extras: InputExtras

    /// Describes what a recipe has read.
    package init(
        request: ImageRequest, record: InputsRecord, warnings: [String], bases: [Base], imagePlatform: Platform,
        runtime: RuntimeConfig?, content: ContextContent, extras: InputExtras
    ) {
        self.request = request
        self.record = record
        self.warnings = warnings
        self.bases = bases
        self.imagePlatform = imagePlatform
        self.runtime = runtime
        self.content = content
        self.extras = extras
    }

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
