import Dockerfile
import Git
import JSON
import SystemCalls

/// The files of the context that count, as they were read or staged.
struct ContextContent: Sendable {
    /// The files, sorted by path.
    var files: FileTable
    /// The files reached through a link that is itself a source, under the source's name.
    var followed: FileTable
    /// Where the followed files lie.
    var followedRoots: [SourceResolver.Root]
    /// The files of each operation.
    var trees: [StepReference: StepTree]
    /// What each operation takes, so that its digest can be computed anew from staged files.
    var selections: [StepReference: ContextSelection]
    /// Remarks from the look at the folder.
    var warnings: [String]
    /// Files that had to be opened.
    var readCount: Int
    /// Why nothing can be built: files that count are not in the work tree; nil where all are.
    var absence: InputsError?
    /// What is wrong unless the key is that of the entry's record, from which files of a submodule were taken.
    var assumption: InputsError?
    /// The commits of the submodules that were looked into.
    var submodules: [RelativePath: ObjectID] = [:]
    /// The commits of the submodules whose files were taken from the entry's record.
    var assumed: [RelativePath: ObjectID] = [:]
    /// The member `git` of the document.
    var repositoryState = JSONValue.null

    init(_ scan: ContextScan, state: (FileTable) -> JSONValue) {
        files = scan.files
        followed = scan.followed
        followedRoots = scan.followedRoots
        trees = scan.trees
        selections = scan.selections
        warnings = scan.warnings
        readCount = scan.readCount
        absence = scan.absence
        assumption = scan.assumption
        submodules = scan.submodules
        assumed = scan.assumed
        repositoryState = state(recorded)
    }

    /// All files in one table for the document: followed ones under their name, or under their place where the name is taken.
    var recorded: FileTable {
        if followed.isEmpty { return files }
        var records = Array(files)
        for (record, place) in zip(followed, followedPlaces) {
            let path = isHidden(record.path) ? place : record.path
            if files[path] != nil { continue }
            records.append(
                FileRecord(
                    path: path, content: record.content, blob: record.blob, isLFS: record.isLFS,
                    isUntracked: record.isUntracked))
        }
        return FileTable(records)
    }

    /// Where each followed file lies.
    var followedPlaces: [RelativePath] {
        followed.map { record in
            let root = followedRoots.last { record.path.isInside($0.recorded) }
            guard let root else { return record.path }
            let rest = record.path.bytes.dropFirst(root.recorded.bytes.count)
            return RelativePath(bytes: root.place.bytes + (root.place.bytes.isEmpty ? rest.dropFirst() : rest))
        }
    }

    /// Whether a followed file's name, or a folder above it, is a link that is itself a record.
    func isHidden(_ path: RelativePath) -> Bool {
        var current: RelativePath? = path
        while let candidate = current, !candidate.bytes.isEmpty {
            if files[candidate] != nil { return true }
            current = candidate.parent
        }
        return false
    }

    /// Computes the digests of all operations from the tables as they are.
    mutating func rehash() {
        if files.entries.contains(where: { $0.flags.contains(.modified) }), let members = repositoryState.members {
            repositoryState = .object(members.map { $0.name == "dirty" ? .init("dirty", true) : $0 })
        }
        for (step, selection) in selections {
            trees[step] = TreeHasher.digest(
                files, selection.positions(in: files) { $0.recorded == $0.place },
                followed, selection.positions(in: followed) { $0.recorded != $0.place },
                withoutMode: selection.replacesModes)
        }
    }

    /// The same content for another plan of the same Dockerfile, if that takes the same files.
    func kept(from old: BuildPlan?, for new: BuildPlan) -> ContextContent? {
        guard let old, old.needsWholeContext == new.needsWholeContext, old.stages.count == new.stages.count else {
            return nil
        }
        var content = self
        (content.trees, content.selections) = ([:], [:])
        for (number, stage) in new.stages.enumerated() {
            let before = old.stages[number].operations
            // Triggers of a base image that became known stand before the stage's own operations.
            let added = stage.operations.count - before.count
            for (index, operation) in stage.operations.enumerated() where operation.readsContext {
                guard added >= 0, index >= added, Self.takesTheSame(before[index - added], operation) else {
                    return nil
                }
                let (from, to) = (
                    StepReference(stage: number, operation: index - added),
                    StepReference(stage: number, operation: index)
                )
                content.trees[to] = trees[from]
                content.selections[to] = selections[from]
            }
        }
        return content
    }

    private static func takesTheSame(_ old: Operation, _ new: Operation) -> Bool {
        old.kind == new.kind && old.origin == new.origin && old.sources == new.sources
            && ["exclude", "parents", "pivot"].allSatisfy { old.flags[$0] == new.flags[$0] }
            && old.replacesModes == new.replacesModes
            && old.mounts.filter { $0.origin == .context }.map(\.source)
                == new.mounts.filter { $0.origin == .context }.map(\.source)
    }
}
