import Git
import Programs
import SystemCalls
import SystemPackage

/// The one check of what Git will commit of files that a command stages, and what a fresh clone will then hold.
public struct StagingCheck {
    private let repository: Repository
    private let archives: [RelativePath]
    private let files: [RelativePath]
    private let rules: [RelativePath]

    /// Names the files.
    ///
    /// - Parameters:
    ///   - repository: The repository.
    ///   - archives: The files that Git shall keep as LFS pointers.
    ///   - files: The files that Git shall keep byte for byte.
    ///   - rules: The files that Git may convert, but must keep.
    public init(
        _ repository: Repository, archives: [RelativePath], files: [RelativePath], rules: [RelativePath] = []
    ) {
        self.repository = repository
        self.archives = archives.sorted()
        self.files = files
        self.rules = rules
    }

    private var all: [RelativePath] { archives + files + rules }

    /// What stands in the way; nil where Git will commit just what is meant.
    public func obstacle() throws -> GitError? {
        try obstacleOfPlace() ?? obstacleOfConversion()
    }

    /// What keeps Git from taking the files where they are: a link, another repository, a rule that ignores them, and
    /// for a file of rules a merge that left it unresolved.
    public func obstacleOfPlace() throws -> GitError? {
        if let index = try? repository.index(), let path = rules.first(where: index.isUnmerged) {
            return obstacle(
                path, "a merge left \(path) unresolved",
                hint: "resolve it, then \(StartFolder.command("git", in: repository.workTree)) add -- "
                    + "\(ShellWord.shown(path)) && cache-image update")
        }
        var seen: Set<RelativePath> = []
        for path in all {
            var folder = path.parent
            while let above = folder, !above.bytes.isEmpty, seen.insert(above).inserted {
                if let obstacle = try obstacle(above: above) { return obstacle }
                folder = above.parent
            }
            guard let rule = try repository.ruleIgnoring(path) else { continue }
            return obstacle(
                path, "\(path) is git-ignored (\(rule)), so the entry stays on this machine", hint: unignoring(path))
        }
        return nil
    }

    /// A folder above a file that Git does not look into.
    private func obstacle(above folder: RelativePath) throws -> GitError? {
        guard let workTree = repository.workTree else { return nil }
        let path = workTree.appending(folder)
        if try FileStatus.of(path)?.kind == .symbolicLink {
            return obstacle(folder, "\(folder) is a link to another folder, and Git keeps nothing behind a link")
        }
        let known = (try? repository.index())?.entry(at: folder)
        if known?.isSubmodule ?? false || Files.exists(path.appending(".git")) {
            return obstacle(folder, "\(folder) is another repository, so this one does not keep its files")
        }
        if known != nil {
            return obstacle(
                folder, "Git has \(folder) as a file", hint: "git rm --cached \(ShellWord.shown(folder))")
        }
        return nil
    }

    /// What would make Git commit or check out other bytes.
    public func obstacleOfConversion() throws -> GitError? {
        let attributes = try repository.attributes(Conversion.allCases.map(\.rawValue))
        for path in archives + files {
            let values = try attributes.values(for: path)
            let isArchive = archives.contains(path)
            let filter = values[0]
            if isArchive, filter != .value("lfs") {
                let rule = try attributes.rule(for: "filter", of: path)
                return obstacle(
                    path,
                    rule.map { "\(path) would be committed whole: \($0) takes it out of LFS" }
                        ?? "no line of .gitattributes puts \(path) under LFS",
                    hint: rule.map { Self.change($0, for: path, to: "filter=lfs diff=lfs merge=binary -text") }
                        ?? StartFolder.command("cache-image", in: repository.workTree)
                        + " lfs track --filename \(ShellWord.shown(path))")
            }
            let wrong = zip(Conversion.allCases, values).first { conversion, value in
                !(isArchive && conversion == .filter) && conversion.isDone(by: value)
            }
            guard let (conversion, value) = wrong else { continue }
            let rule = try attributes.rule(for: conversion.rawValue, of: path)
            return obstacle(
                path,
                "Git would convert \(path): \(Self.shown(conversion.rawValue, value))"
                    + (rule.map { " (\($0))" } ?? ", since no line of .gitattributes has -text for it"),
                hint: rule.map { Self.change($0, for: path, to: conversion.undoing) })
        }
        for path in rules {
            let values = try attributes.values(for: path)
            if values[0].isOn, let rule = try attributes.rule(for: "filter", of: path) {
                return obstacle(
                    path, "Git would convert \(path): \(Self.shown("filter", values[0])) (\(rule))",
                    hint: Self.change(rule, for: path, to: Conversion.filter.undoing))
            }
        }
        return nil
    }

    /// Looks at the index after the files were staged.
    func confirm(_ pointers: [RelativePath: Pointer]) throws {
        let index: Index
        do {
            index = try repository.index()
        } catch let error as GitError where error.kind == .unreadableIndex {
            // The git program wrote it, which asked its own rules.
            return
        }
        for path in all {
            guard let entry = index.entry(at: path), entry.isFile else {
                throw obstacle(path, "the index does not have \(path) as a file after it was staged")
            }
            var expected: ObjectID?
            if let pointer = pointers[path] {
                expected = ObjectID(ofBlob: pointer.encoded)
            } else if files.contains(path), let workTree = repository.workTree {
                expected = try Files.readPlain(workTree.appending(path), limit: 256 << 20).map { ObjectID(ofBlob: $0) }
            }
            if let expected, entry.id != expected {
                throw obstacle(path, "Git would commit other bytes of \(path) than it has")
            }
        }
    }

    private func obstacle(_ path: RelativePath, _ reason: String, hint: String? = nil) -> GitError {
        GitError(.notStaged, "stage", path.description, reason, hint: hint)
    }

    /// What takes a line of attributes back: another line below it, whose pattern starts in its file's folder.
    private static func change(_ rule: RuleLine, for path: RelativePath, to words: String) -> String {
        let folder = rule.file.hasSuffix("/\(AttributesFile.name)") ? RelativePath(rule.file).parent : nil
        let below = folder.flatMap { path.isInside($0) ? path.bytes.dropFirst($0.bytes.count + 1) : nil }
        let pattern = String(decoding: LiteralPattern.of(below ?? path.bytes[...]), as: UTF8.self)
        return "write `\(pattern) \(words)` below line \(rule.line) of \(rule.file), then cache-image update"
    }

    private static func shown(_ name: String, _ value: AttributeValue) -> String {
        switch value {
        case .value(let text): "\(name)=\(text)"
        case .set: name
        case .unset: "-\(name)"
        case .unspecified: "!\(name)"
        }
    }

    /// The line of `.gitignore` that lets Git have a file and those of its kind.
    private func unignoring(_ path: RelativePath) -> String {
        let folder = LiteralPattern.of(path.parent?.bytes ?? [])
        let name = path.lastComponent
        let dot = name.lastIndex(of: UInt8(ascii: ".")) ?? name.startIndex
        let suffix = dot > name.startIndex ? name[dot...] : []
        let pattern = suffix.isEmpty ? LiteralPattern.of(name) : [UInt8(ascii: "*")] + LiteralPattern.of(suffix)
        let whole = folder + (folder.isEmpty ? [] : [UInt8(ascii: "/")]) + pattern
        return "'!\(String(decoding: whole, as: UTF8.self))' in .gitignore shares it"
    }
}
