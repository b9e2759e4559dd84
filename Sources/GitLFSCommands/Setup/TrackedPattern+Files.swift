import Git
import LFS
import SystemCalls
import SystemPackage

extension TrackedPattern {
    /// The patterns of `info/attributes`, of every `.gitattributes`, and of the user's and the system's file, in the
    /// order of git-lfs.
    nonisolated(nonsending) static func all(of repository: Repository) async throws -> [TrackedPattern] {
        guard let workTree = repository.workTree else { return [] }
        var files = [(repository.commonDirectory.appending("info").appending("attributes"), "", ".git/info/attributes")]
        for folder in try await folders(repository).sorted().reversed() {
            let file = folder.appending(AttributesFile.name)
            files.append(
                (workTree.appending(file), folder.bytes.isEmpty ? "" : "\(folder)/", file.description))
        }
        let configuration = try repository.configuration()
        let home = FilePath(keeping: repository.environment["HOME"] ?? "/")
        let standard =
            repository.environment["XDG_CONFIG_HOME"].flatMap { $0.isEmpty ? nil : FilePath(keeping: $0) }
            ?? home.appending(".config")
        let own = configuration.path("core.attributesFile") ?? standard.appending("git").appending("attributes")
        let prefix = FilePath(keeping: repository.environment["PREFIX"] ?? "/")
        let shared = prefix.appending("etc").appending("gitattributes")
        for path in [own, shared] { files.append((path, "", "")) }

        let texts = try files.map {
            (
                lines: try lines($0.0, isGits: !$0.0.starts(with: workTree) || $0.2.hasPrefix(".git/")), folder: $0.1,
                source: $0.2
            )
        }
        // Macros are defined at the root, or outside the work tree; what is weaker is read first.
        var macros: [String: [String]] = [:]
        for text in texts.reversed() where text.folder.isEmpty {
            for line in text.lines {
                if let (name, words) = macro(line) { macros[name] = words.flatMap { macros[$0] ?? [$0] } }
            }
        }
        return texts.flatMap { text in
            text.lines.compactMap {
                TrackedPattern(line: $0, folder: text.folder, source: text.source, macros: macros)
            }
        }
    }

    /// The folders that have a `.gitattributes`, in the index or beside it.
    nonisolated(nonsending) private static func folders(_ repository: Repository) async throws -> Set<RelativePath> {
        var folders = Set(["" as RelativePath])
        for entry in (try? repository.index())?.entries ?? IndexEntries()
        where entry.path.lastComponent.elementsEqual(".gitattributes".utf8) {
            if let folder = entry.path.parent { folders.insert(folder) }
        }
        guard let workTree = repository.workTree else { return folders }
        try repository.refuseWaiting(readsRules: true)
        let program = GitProgram(in: workTree, environment: repository.environment)
        let words = ["ls-files", "-z", "--others", "--exclude-standard", "--", "*/.gitattributes"]
        if let result = try await program.run(words), result.status == 0 {
            for bytes in result.output.split(separator: 0) {
                if let folder = RelativePath(bytes: Array(bytes)).parent { folders.insert(folder) }
            }
        }
        return folders
    }

    private static func lines(_ path: FilePath, isGits: Bool) throws -> [String] {
        // Git does not follow a link in the place of the file either; one of its own folder it does.
        guard let status = try FileStatus.of(path, followLinks: isGits), status.kind == .file else { return [] }
        let bytes = try isGits ? Files.read(path) : Files.readPlain(path)
        return String(decoding: bytes ?? [], as: UTF8.self).split(whereSeparator: \.isNewline)
            .map(String.init)
    }
}
