import Git
import SystemCalls
import SystemPackage

/// The versions that Git's index has of a file.
struct MergeSides {
    /// A version of a file.
    struct Side {
        /// 2 for this branch, 3 for the other; 0 where there is no conflict.
        let stage: Int
        let bytes: [UInt8]
    }

    let repository: Repository?

    /// Both sides of a file in an unfinished merge, this branch's first; else the index's version.
    func of(_ path: FilePath) throws -> [Side] {
        guard let repository, let relative = repository.relativePath(of: path) else { return [] }
        let stages = (try? repository.index())?.stages(of: relative) ?? []
        return try stages.filter { $0.stage != 1 }.compactMap { entry in
            try repository.blob(entry.id, limit: InputLimit.recordInHistory).map {
                Side(stage: Int(entry.stage), bytes: $0)
            }
        }
    }
}
