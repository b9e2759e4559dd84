import Git
import SystemCalls
import SystemPackage

/// The three lines of the root `.gitattributes` that a cache directory needs.
public enum CacheAttributes {
    /// How a kind of file of a cache directory is known, and what its line says.
    private static let kinds: [(suffix: String, words: String)] = [
        (".tar", "filter=lfs diff=lfs merge=binary -text"), (".md5", "-text"), (".json", "-text"),
    ]

    private static func line(_ cache: RelativePath, _ kind: (suffix: String, words: String)) -> [UInt8] {
        LiteralPattern.of(cache.bytes) + "/*\(kind.suffix) \(kind.words)".utf8
    }

    /// The lines, those that take conversions of other lines back left out.
    public static func lines(of cache: RelativePath) -> [[UInt8]] { kinds.map { line(cache, $0) } }

    /// Whether a line is one that this program wrote for a cache directory.
    public static func isOwn(_ line: some Sequence<UInt8>, of cache: RelativePath) -> Bool {
        let line = Array(line)
        return lines(of: cache).contains { own in undoings.contains { own + words($0) == line } }
    }

    /// Adds the lines that are missing to the work tree's file; whether any was.
    ///
    /// A file that another line converts gets its line anew at the end, with the words that take that back. Where
    /// another line takes an archive out of LFS, it is left so. The file is not staged.
    ///
    /// - Parameters:
    ///   - repository: The repository.
    ///   - cache: The cache directory.
    ///   - files: The archives, sidecars, records and locks that Git must keep as they are.
    @discardableResult
    public static func ensure(
        in repository: Repository, cache: RelativePath, files: [RelativePath] = []
    ) throws -> Bool {
        guard let workTree = repository.workTree else {
            throw GitError(.failed, "change", ".gitattributes", "the repository has no work tree")
        }
        var file = try AttributesFile(of: repository, in: workTree) { path throws(SystemError) in
            try repository.plainBytes(of: path)
        }
        for kind in kinds {
            let line = line(cache, kind)
            if !undoings.contains(where: { file.has(line + words($0)) }) { file.add(line) }
        }
        try file.write()
        let attributes = try repository.attributes(Conversion.allCases.map(\.rawValue))
        for kind in kinds {
            var found: Set<Conversion> = []
            for path in files where path.bytes.suffix(kind.suffix.utf8.count).elementsEqual(kind.suffix.utf8) {
                let values = try attributes.values(for: path)
                if kind.suffix == kinds[0].suffix, values[0] != .value("lfs") { continue }
                for (conversion, value) in zip(Conversion.allCases, values) where conversion.isDone(by: value) {
                    found.insert(conversion)
                }
            }
            if kind.suffix == kinds[0].suffix { found.subtract([.filter, .text]) }
            if found.isEmpty { continue }
            let line = line(cache, kind)
            for undoing in undoings where file.has(line + words(undoing)) {
                found.formUnion(undoing)
                let old = String(decoding: line + words(undoing), as: UTF8.self)
                file.remove { $0 == old }
            }
            file.add(line + words(found))
        }
        try file.write()
        return file.isChanged
    }

    /// The conversions that a line of this program may take back, beside `text`, which its lines always do.
    private static let undoings: [Set<Conversion>] = {
        let undone = Conversion.allCases.filter { $0 != .text }
        return (0..<(1 << undone.count)).map { bits in
            Set(undone.indices.filter { bits & (1 << $0) != 0 }.map { undone[$0] })
        }
    }()

    /// What stands behind a line that takes conversions back.
    private static func words(_ conversions: Set<Conversion>) -> [UInt8] {
        Conversion.allCases.filter { $0 != .text && conversions.contains($0) }.flatMap { Array(" \($0.undoing)".utf8) }
    }
}

/// What Git does to a file on its way into a commit and out of it.
enum Conversion: String, CaseIterable {
    case filter
    case text
    case ident
    case encoding = "working-tree-encoding"

    /// The word of a line that takes it back.
    var undoing: String { (self == .encoding ? "!" : "-") + rawValue }

    /// Whether a value of the attribute converts a file that no filter is meant for.
    func isDone(by value: AttributeValue) -> Bool {
        switch self {
        case .filter: value.isOn
        case .text: value != .unset
        case .ident: value == .set
        case .encoding: value.text != nil
        }
    }
}

extension AttributeValue {
    /// Whether the attribute is set, to whatever value.
    var isOn: Bool { self == .set || text != nil }
}
