import Hashing
import JSON
import SystemCalls

/// What `lfs fsck` finds, printed at once and kept for `--json`.
final class FsckReport {
    private let console: VerbConsole
    private var problems: [JSONValue] = []

    init(_ console: VerbConsole) {
        self.console = console
    }

    /// Whether nothing was found.
    var isFine: Bool { problems.isEmpty }

    /// Notes a problem.
    ///
    /// - Parameters:
    ///   - kind: git-lfs's word for it.
    ///   - check: `objects` or `pointer`.
    ///   - path: The file; nil where none is known.
    ///   - oid: The object; nil where there is none.
    ///   - text: The rest of git-lfs's line.
    func add(_ kind: String, _ check: String, path: RelativePath?, oid: SHA256Digest?, _ text: String) {
        console.print("\(check): \(kind): \(text)")
        problems.append([
            "kind": .string(kind), "name": path.map { .string($0.percentEncoded) } ?? .null,
            "oid": oid.map { .string($0.hexadecimal) } ?? .null,
        ])
    }

    /// Ends the report.
    func finish() {
        if isFine { console.print("Git LFS fsck OK") }
        console.document?(["ok": .bool(isFine), "problems": .array(problems)])
    }
}
