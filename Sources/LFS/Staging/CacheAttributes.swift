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

    /// Adds the lines that are missing to the work tree's file; whether any was.
    ///
    /// A sidecar or record that another line filters or converts gets its line anew at the end, with `-filter` where it
    /// is needed. The file is not staged.
    ///
    /// - Parameters:
    ///   - repository: The repository.
    ///   - cache: The cache directory.
    ///   - files: The sidecars, records and locks that Git must keep as they are.
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
            if !file.has(line), !file.has(line + filterOff) { file.add(line) }
        }
        try file.write()
        let attributes = try repository.attributes(["filter", "text"])
        for kind in kinds.dropFirst() {
            var (isFiltered, isConverted) = (false, false)
            for path in files where path.bytes.suffix(kind.suffix.utf8.count).elementsEqual(kind.suffix.utf8) {
                if try attributes.value(of: "filter", for: path).isOn { isFiltered = true }
                if try attributes.value(of: "text", for: path) != .unset { isConverted = true }
            }
            guard isFiltered || isConverted else { continue }
            let line = line(cache, kind)
            let hadFilterOff = file.has(line + filterOff)
            for old in [line, line + filterOff] { file.remove { $0 == String(decoding: old, as: UTF8.self) } }
            file.add(isFiltered || hadFilterOff ? line + filterOff : line)
        }
        try file.write()
        return file.isChanged
    }

    private static let filterOff = Array(" -filter".utf8)
}

extension AttributeValue {
    /// Whether the attribute is set, to whatever value.
    var isOn: Bool { self == .set || text != nil }
}
