import Git
import SystemCalls

extension AdoptionPlan {
    /// Writes the files, and puts into Git's index those that are new and those of which it had what stood there.
    ///
    /// What else the user changed in a file is not staged with it. The scripts are programs there, whatever the file
    /// system can say.
    nonisolated(nonsending) public func write(stages: Bool, in repository: Repository) async throws {
        let index = try? repository.index()
        let staged = try changes.filter { file in
            guard stages, index?.isUnmerged(file.path) != true else { return false }
            let known = index?.entry(at: file.path)?.id
            guard let before = file.before else { return known == nil }
            return try known == ObjectID(ofBlob: before) || (known == nil && isOwn(file))
        }
        for file in changes { try file.write() }
        repository.forgetRules()
        let rules = try repository.ignoreRules()
        let files = try staged.filter { try !rules.isIgnored($0.path, isDirectory: false) }
        if files.isEmpty { return }
        try await repository.stage(files.map { StagedFile($0.path, isProgram: $0.isExecutable) })
    }

    private func isOwn(_ file: PlannedFile) throws -> Bool { file.isExecutable }
}
