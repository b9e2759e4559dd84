import Hashing
import JSON
import Records
import SystemCalls

/// A line of the journal that was read (docs/journal.md).
public struct JournalLine: Hashable, Sendable {
    /// When it ended, in seconds since 1970.
    public let time: Int64
    /// `NAME:TAG`.
    public let image: String
    /// What became of it: `hit`, `loaded`, `restored`, `built`, `saved` or `failed`.
    public let what: String
    /// The entry's key; nil where it was not known.
    public let key: SHA256Digest?
    /// How long it took, in seconds.
    public let seconds: Double

    /// Reads a line; nil where it is none that this program knows.
    init?(_ bytes: some Collection<UInt8>) {
        guard let json = try? JSONValue(parsing: Array(bytes)), let image = json["image"]?.string,
            let what = json["what"]?.string, let time = json["time"]?.string.flatMap(UTCTime.seconds)
        else { return nil }
        self.time = time
        self.image = image
        self.what = what
        key = json["key"]?.string.flatMap { SHA256Digest(hexadecimal: $0) }
        seconds = json["seconds"].flatMap(Provenance.seconds) ?? 0
    }
}

extension Journal {
    /// What is still known, the oldest first; lines that are not understood are passed over.
    public func lines() -> [JournalLine] {
        [earlierPath, path].flatMap { file -> [JournalLine] in
            let bytes = (try? Files.readPlain(file, limit: 4 * InputLimit.journal)) ?? nil
            return (bytes ?? []).split(separator: UInt8(ascii: "\n")).compactMap { JournalLine($0) }
        }
    }
}

/// What the journal says of an image's use.
public struct ImageUse: Hashable, Sendable {
    /// When a command last used it, in seconds since 1970; nil where none is known.
    public let last: Int64?
    /// How often a build was not needed: nothing was to be done, or the image was loaded or restored.
    public let savedBuilds: Int
    /// Seconds that these builds would have taken; nil where the time of none is known.
    public let savedSeconds: Double?

    /// Adds lines up.
    ///
    /// - Parameters:
    ///   - image: `NAME:TAG`.
    ///   - lines: The journal.
    ///   - buildSeconds: What the entry says that its build took; nil takes the last build of the journal.
    public init(of image: String, in lines: [JournalLine], buildSeconds: Double?) {
        let own = lines.filter { $0.image == image && $0.what != "failed" }
        last = own.map(\.time).max()
        let hits = own.filter { ["hit", "loaded", "restored"].contains($0.what) }
        savedBuilds = hits.count
        let one = buildSeconds ?? own.last { $0.what == "built" }?.seconds
        savedSeconds = one.map { one in hits.reduce(0) { $0 + max(0, one - $1.seconds) } }
    }
}
