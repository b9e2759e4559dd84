import Git
import Records
import SystemCalls
import SystemPackage

extension ImageInputs {
    /// The record with the member `submodules`, which lets clones without them use an entry of these inputs.
    ///
    /// It names the submodules of which the record lists everything that counts, as their commits hold it.
    public func fullRecord(repository: Repository?) -> InputsRecord {
        var record = record
        record.submodules = content.assumed
        guard let repository, !content.submodules.isEmpty, !holdsChangesUnderOtherNames else { return record }
        // The innermost first: what holds one is complete only if that is.
        for (place, commit) in content.submodules.sorted(by: { $0.key > $1.key }) {
            guard
                let inner =
                    (try? Repository.at(request.context.appending(place), environment: repository.environment)) ?? nil,
                holds(place, commit, inner, known: record.submodules)
            else { continue }
            record.submodules[place] = commit
        }
        return record
    }

    /// Whether a file that is reached through a link is not what Git has.
    private var holdsChangesUnderOtherNames: Bool {
        content.followed.entries.contains { !$0.flags.isDisjoint(with: [.modified, .untracked]) }
    }

    /// Whether the files of a submodule are those of its commit, none changed, added or removed.
    private func holds(
        _ place: RelativePath, _ commit: ObjectID, _ repository: Repository, known: [RelativePath: ObjectID]
    ) -> Bool {
        guard let tree = (try? repository.wholeTree(of: commit)) ?? nil else { return false }
        let files = record.files
        let start = files.lowerBound(place.bytes + [UInt8(ascii: "/")])
        let end = files.lowerBound(place.bytes + [UInt8(ascii: "/") + 1])
        var count = end - start
        for file in tree {
            let path = place.appending(file.path)
            if file.entry.isSubmodule {
                let first = files.lowerBound(path.bytes + [UInt8(ascii: "/")])
                let last = files.lowerBound(path.bytes + [UInt8(ascii: "/") + 1])
                if first < last, known[path] != file.entry.id { return false }
                count -= last - first
                continue
            }
            let position = files.lowerBound(path.bytes)
            guard position < end, files.name(files.entries[position]).elementsEqual(path.bytes) else {
                // One that does not count is there all the same; else it was removed.
                if !Files.exists(request.context.appending(path)) { return false }
                continue
            }
            let entry = files.entries[position]
            guard entry.flags.isDisjoint(with: [.modified, .untracked]),
                !entry.flags.contains(.hasBlob) || entry.blob == file.entry.id,
                entry.flags.contains(.link) == file.entry.isLink,
                file.entry.isLink || entry.flags.contains(.executable) == (file.entry.mode & 0o100 != 0)
            else { return false }
            count -= 1
        }
        return count == 0
    }
}
