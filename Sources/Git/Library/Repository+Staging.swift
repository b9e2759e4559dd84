import CGit2
import CShims
import Glibc
import SystemCalls
import SystemPackage

extension Repository {
    /// What is put into the index for one file.
    struct IndexUpdate {
        let path: RelativePath
        let id: ObjectID
        let mode: UInt32
        let status: FileStatus
    }

    /// Puts files into the index, and takes others out, in one step; the work tree's bytes are not changed.
    ///
    /// A file staged by its pointer gets the stat data of the work tree's file, so that `git status` is clean without
    /// reading it. To keep it out of Git's racy window its modification time is set back by two seconds where it is
    /// younger. An index that libgit2 cannot write is changed by the `git` program. Where nothing could be staged, a
    /// `GitError` of kind `notStaged` is thrown and the index is as it was.
    nonisolated(nonsending) public func stage(
        _ files: [StagedFile], removing removed: [RelativePath] = []
    ) async throws {
        var updates: [IndexUpdate] = []
        for file in files { updates.append(try await prepare(file)) }
        let index: Index
        do {
            index = try self.index()
        } catch let error as GitError where error.kind == .unreadableIndex {
            return try await stageByProgram(updates, removing: removed, because: error.reason)
        }
        if index.needsGit {
            return try await stageByProgram(updates, removing: removed, because: "its form is not known to libgit2")
        }
        try stageByLibrary(updates, removing: removed)
    }

    nonisolated(nonsending) private func prepare(_ file: StagedFile) async throws -> IndexUpdate {
        guard let workTree else {
            throw GitError(.notStaged, "stage", file.path.description, "the repository has no work tree")
        }
        let path = workTree.appending(file.path)
        if case .blob = file.content { Self.age(path) }
        guard let status = try FileStatus.of(path), status.kind == .file || status.kind == .symbolicLink else {
            throw GitError(.notStaged, "stage", file.path.description, "there is no such file")
        }
        let id: ObjectID
        switch file.content {
        case .blob(let bytes): id = try writeBlob(bytes)
        case .workTree: id = try await writeBlob(ofFile: file.path, status)
        }
        return IndexUpdate(
            path: file.path, id: id, mode: file.isProgram ? 0o100755 : try mode(of: file.path, status), status: status)
    }

    /// Sets the modification time back to two seconds ago, unless it is older already.
    ///
    /// Git compares whole seconds: a file as young as the index would be read again, or shown as modified.
    static func age(_ path: FilePath) {
        let now = FileStatus.Time.now
        guard let status = (try? FileStatus.of(path)) ?? nil, status.modified.seconds > now.seconds - 2 else { return }
        // Where the file is somebody else's, Git reads it once more; that is all.
        _ = path.withPlatformString { cshims_set_times($0, now.seconds - 2, now.nanoseconds) }
    }

    private func mode(of path: RelativePath, _ status: FileStatus) throws -> UInt32 {
        if status.kind == .symbolicLink { return 0o120000 }
        if try configuration().bool("core.filemode") ?? true { return status.isExecutable ? 0o100755 : 0o100644 }
        let recorded = (try? index())?.entry(at: path)
        return recorded?.isExecutable ?? false ? 0o100755 : 0o100644
    }

    /// Stores a file of the work tree as `git add` would: with its line ends converted where the attributes say so.
    nonisolated(nonsending) private func writeBlob(
        ofFile path: RelativePath, _ status: FileStatus
    ) async throws -> ObjectID {
        if let bytes = try unconverted(path, status) { return try writeBlob(bytes) }
        do {
            let repository = try handle()
            var oid = git_oid()
            let result = sharedPermission.creating {
                path.bytes.map { CChar(bitPattern: $0) }.withTerminator {
                    git_blob_create_from_workdir(&oid, repository, $0)
                }
            }
            try LibGit2.check("stage", path.description, result)
            return ObjectID(oid)
        } catch {
            // The library looks the attributes up in the index, which it may not be able to read.
            let program = GitProgram(in: workTree ?? gitDirectory, environment: environment)
            let output = try await program.run(
                ["hash-object", "-w", "--stdin-paths"], input: QuotedPath.quoted(path.bytes) + [UInt8(ascii: "\n")])
            guard let output, output.status == 0,
                let id = ObjectID(hexadecimal: String(decoding: output.output.prefix(40), as: UTF8.self))
            else { throw GitError(.notStaged, "stage", path.description, "\(error)") }
            return id
        }
    }

    /// The bytes of a file that no conversion changes, whatever the attributes say: they need not be asked.
    private func unconverted(_ path: RelativePath, _ status: FileStatus) throws -> [UInt8]? {
        guard let workTree, status.kind == .file, status.size <= Self.comparedSize,
            let bytes = try knownFiles.plainBytes(of: workTree.appending(path), limit: Self.comparedSize)
        else { return nil }
        // `text` and `eol` take carriage returns out, `ident` what stands in `$Id$`.
        return bytes.contains { $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "$") } ? nil : bytes
    }

    /// Bytes of a file that are looked through at most.
    private static let comparedSize = 64 << 20

    /// Changes the index through `git update-index`, which takes all changes or none.
    nonisolated(nonsending) private func stageByProgram(
        _ updates: [IndexUpdate], removing removed: [RelativePath], because reason: String
    ) async throws {
        var input: [UInt8] = []
        for path in removed { input += Array("0 \(ObjectID.zero)\t".utf8) + path.bytes + [0] }
        for update in updates {
            input += Array("\(String(update.mode, radix: 8)) \(update.id)\t".utf8) + update.path.bytes + [0]
        }
        let program = GitProgram(in: workTree ?? gitDirectory, environment: environment)
        let output = try await program.run(["update-index", "-z", "--index-info"], input: input)
        guard let output else {
            throw GitError(
                .notStaged, "stage", "files", "index \(indexPath.string): \(reason), and there is no git program",
                hint: "git add the files where git is installed")
        }
        guard output.status == 0 else {
            let said = output.errorText.split(separator: "\n").first.map(String.init) ?? "exit \(output.status)"
            throw GitError(.notStaged, "stage", "files", "git update-index: \(said)")
        }
    }
}
