/// The bounds on what comes from outside, in one place; docs/security.md lists them with the exit codes.
///
/// A hostile repository, archive or server costs at most 100 MB of memory and a few seconds. Bounds on JSON documents
/// are `JSONReader.Limits`, those on YAML `YAMLDocument`.
public enum InputLimit {
    /// Bytes of a text that people write by hand: Dockerfile, ignore file of a context, `.lfsconfig`.
    public static let writtenText = 1 << 20
    /// Instructions of a Dockerfile, also those that one stage after the other repeats.
    public static let instructions = 10_000
    /// Patterns of one ignore file of a context.
    public static let ignorePatterns = 20_000
    /// Bytes of one `.gitattributes`, `.gitignore` or file of the same form.
    public static let rulesFile = 8 << 20
    /// Rules of all these files of a repository together, those that say nothing of what was asked left out.
    public static let rules = 50_000
    /// Steps of matching patterns of `${x#pattern}` and its kin in one Dockerfile.
    public static let patternSteps = 1 << 23

    /// Mounts of a test level.
    public static let mounts = 1_000
    /// Words of a text in `cache-image.yml` or of `--options`.
    public static let words = 50_000

    /// Bytes of a lock of base images.
    public static let lock = 4 << 20
    /// Bytes of a record in the cache folder; its files are read one by one.
    public static let record = 64 << 20
    /// Bytes of a record in Git's history, which is read as a whole.
    public static let recordInHistory = 32 << 20
    /// Operations that a record lists.
    public static let recordOperations = 20_000
    /// Files that `inputs` may name.
    public static let extraFiles = 20_000
    /// Differences of one kind that are told of two records.
    public static let reasons = 50_000
    /// Pairs of a file and an operation that are looked at to say which operation takes a file.
    public static let comparedPairs = 100_000_000
    /// Files that a record lists.
    public static let recordFiles = 500_000
    /// Bytes of the names of these files together.
    public static let recordNames = 32 << 20

    /// Bytes of a document in an image archive: what registries and engines accept, too.
    public static let imageDocument: Int64 = 4 << 20
    /// Bytes of all documents of an image archive together.
    public static let imageDocuments: Int64 = 32 << 20
    /// Values in all documents of an image archive together.
    public static let imageValues = 500_000
    /// Members of an image archive.
    public static let archiveMembers = 65_536
    /// Bytes of the names of these members together.
    public static let archiveNames = 8 << 20
    /// Bytes that the head of one member may take, maps of its holes included.
    public static let archiveHead = 1 << 20
    /// Bytes of something compressed that may yield nothing, one after the other.
    public static let archiveSilence = 4 << 20
    /// Bytes that unpacking may have to look back to; what zstd's ultra levels and `--long` take more of is refused.
    public static let unpackingWindow: UInt64 = 32 << 20
    /// Bytes that something compressed may unpack to, however small it is.
    public static let unpackedAlways: Int64 = 64 << 20
    /// How many times its own size something compressed may unpack to.
    public static let unpackedRatio: Int64 = 100

    /// Characters of one message.
    public static let message = 4_000
    /// Bytes of the journal of outcomes, after which a new one is begun; the one before it is kept.
    public static let journal = 1 << 20
    /// Bytes of one line of the journal.
    public static let journalLine = 4 << 10

    /// Bytes of an answer of a server that is kept in memory.
    public static let answer = 4 << 20
    /// Bytes of a refusal that are read; the connection is then given up.
    public static let refusal = 64 << 10
    /// Bytes of the heads of one answer, interim ones included.
    public static let answerHead = 256 << 10
    /// Seconds from the first byte of an answer to its last; of an object, to the end of its head.
    public static let answerSeconds = 60
    /// Seconds that one request waits in all its tries, whatever the server asks for.
    public static let waitSeconds = 600
    /// Locks that a server lists.
    public static let locks = 100_000
    /// Bytes a second: what is slower for the time in which something must come is given up.
    public static let slowestTransfer = 100

    /// Bytes that a program of this machine may answer: Git, a credential helper, ssh.
    public static let programOutput = 64 << 20
    /// Bytes that a program may answer that was asked for a login.
    public static let loginOutput = 1 << 20
    /// Seconds that such a program may take, the user's own answer included.
    public static let loginSeconds = 300
}
