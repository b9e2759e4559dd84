import Git
import Hashing
import JSON
import OCI
import SystemCalls

/// What a key was made of, in the form of the document `NAME-TAG.inputs.json`: two of them tell what changed.
public struct InputsRecord: Sendable {
    /// The form of keys and records that this program makes.
    public static let currentAlgorithm = "cache-image-key/2"

    /// The abilities that a record may require of its reader, and that this program has.
    public static let knownRequirements: Set<String> = []

    /// An argument of the build: its value, or what stands for a secret one, and the lines that see it.
    public struct Argument: Hashable, Sendable {
        /// The argument's name.
        public var name: String
        /// `{"value": …, "lines": […]}` and its variants, as the document has it.
        public var json: JSONValue

        /// Whether the value is secret.
        public var isSecret: Bool { json["scrypt"] != nil || json["sha256"] != nil }

        /// Records an argument.
        package init(name: String, json: JSONValue) {
            self.name = name
            self.json = json
        }
    }

    /// A base image.
    public struct Base: Hashable, Sendable {
        /// The reference in its full form.
        public var reference: ImageReference
        /// The line that names it first.
        public var line: Int
        /// Its content id, or the reference where nothing is locked.
        public var identity: BaseIdentity

        /// Records a base image.
        package init(reference: ImageReference, line: Int, identity: BaseIdentity) {
            self.reference = reference
            self.line = line
            self.identity = identity
        }
    }

    /// The members of the document before `ops`, `extra` and what follows, each as its own property.
    public var algorithm = currentAlgorithm
    /// What a program must know to use the entry; one that does not know a word leaves the entry alone.
    public var requirements: [String] = []
    /// The key.
    public var key = SHA256Digest.zero
    /// The MD5 of the key's canonical bytes, in hexadecimal.
    public var md5 = ""
    /// The image's `NAME:TAG`.
    public var image = ""
    /// Reservations about the key.
    public var marks: [Mark] = []
    /// Where the archive came from; nil while there is none.
    public var provenance: Provenance?
    /// The word of the recipe where it is no Dockerfile: `os`.
    public var recipe: String?
    /// What the recipe `os` says of template and packages (`TemplateRecord`), else null.
    public var template: JSONValue = .null
    /// The platform; nil where it is not read.
    public var platform: Platform?
    /// The stage asked for; nil for the last.
    public var target: String?
    /// The Dockerfile, relative to the root.
    public var dockerfile = ""
    /// The context folder, relative to the root.
    public var context = ""
    /// Which files of the context count.
    public var contextFiles = ContextFiles.clone
    /// The frontend of the `# syntax=` line.
    public var frontend: String?
    /// The arguments, by name.
    public var arguments: [Argument] = []
    /// The base images, in the order of their lines.
    public var bases: [Base] = []
    /// The remote sources, as the document has them.
    public var remotes: [JSONValue] = []
    /// What the Dockerfile sets in the image's configuration.
    public var config: JSONValue = .object([])
    /// The operations, as the document has them.
    public var operations: [JSONValue] = []
    /// Declared extras: files, salt, the commit of `keepGitDir`, and the Dockerfile's lines in opaque mode.
    public var extra: JSONValue = .object([])
    /// The ignore file in effect, `{"file", "sha256"}`, or null.
    public var ignore: JSONValue = .null
    /// The state of the repository, `{"commit", "dirty", "untracked"}`, or null.
    public var git: JSONValue = .null
    /// The commits of submodules, by their paths in the context, of which `files` lists what counts, unmodified.
    public var submodules: [RelativePath: ObjectID] = [:]
    /// The files that count.
    public var files = FileTable()

    /// How much of the document was read.
    var extent = Extent.all

    /// A record with nothing in it.
    public init() {}

    /// The record without its files, which are most of it.
    public var withoutFiles: InputsRecord {
        var head = self
        head.files = FileTable()
        head.extent = .head
        return head
    }

    /// Whether what was read is all that is asked for.
    func covers(_ wanted: Extent) -> Bool {
        switch (extent, wanted) {
        case (.all, _), (_, .decision), (.head, .head): true
        case (_, .comparison(let other)): key == other
        default: false
        }
    }

    /// Whether the key covers the whole context, because something is not understood.
    public var isOpaque: Bool { extra["opaque"] != nil }
}
