import Git
import JSON
import Records
import SystemCalls

/// The files of the context that count, as they were read or staged.
package struct ContextContent: Sendable {
    /// The files, sorted by path.
    package var files: FileTable
    /// The files reached through a link that is itself a source, under the source's name.
    package var followed: FileTable
    /// Where the followed files lie.
    package var followedRoots: [SourceResolver.Root]
    /// The files of each operation.
    package var trees: [StepReference: StepTree]
    /// What each operation takes, so that its digest can be computed anew from staged files.
    package var selections: [StepReference: ContextSelection]
    /// Remarks from the look at the folder.
    package var warnings: [String]
    /// Files that had to be opened.
    package var readCount: Int
    /// Why nothing can be built: files that count are not in the work tree; nil where all are.
    package var absence: InputsError?
    /// What is wrong unless the key is that of the entry's record, from which files of a submodule were taken.
    package var assumption: InputsError?
    /// The commits of the submodules that were looked into.
    package var submodules: [RelativePath: ObjectID] = [:]
    /// The commits of the submodules whose files were taken from the entry's record.
    package var assumed: [RelativePath: ObjectID] = [:]
    /// The member `git` of the document.
    package var repositoryState = JSONValue.null

    /// Describes what was read.
    package init(
        files: FileTable, followed: FileTable, followedRoots: [SourceResolver.Root], trees: [StepReference: StepTree],
        selections: [StepReference: ContextSelection], warnings: [String], readCount: Int
    ) {
        self.files = files
        self.followed = followed
        self.followedRoots = followedRoots
        self.trees = trees
        self.selections = selections
        self.warnings = warnings
        self.readCount = readCount
    }

    /// All files in one table for the document: followed ones under their name, or under their place where the name is taken.
    package var recorded: FileTable {
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
    package mutating func rehash() {
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
}
