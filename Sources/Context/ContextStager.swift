import CShims
import Dispatch
import Git
import Glibc
import Hashing
import Records
import Synchronization
import SystemCalls
import SystemPackage

/// Copies the files that count into a fresh folder, hashing them on the way (rules 42, 44).
package struct ContextStager {
    /// A file to copy.
    private struct Job {
        let record: FileRecord
        /// Where to read it.
        let source: FilePath
        /// Its path in the staged folder.
        let target: RelativePath
        /// Its position in the table that it comes from.
        let position: Int
        let isFollowed: Bool
        /// The id of the LFS object that the source is; nil for a file of the work tree.
        var object: SHA256Digest?
    }

    /// What was copied.
    private struct Copy {
        let digest: SHA256Digest
        let size: Int64
        let blob: ObjectID
    }

    private let request: ImageRequest
    private let directory: FilePath
    private var content: ContextContent
    private var isChanged = false

    /// Prepares to stage the files of a request into a folder that is to be made.
    package init(_ request: ImageRequest, _ content: ContextContent, _ directory: FilePath) {
        self.request = request
        self.content = content
        self.directory = directory
    }

    /// Stages everything; gives the content that was staged, nil where it is the one that was read.
    package mutating func run(_ object: (SHA256Digest) -> FilePath?) throws(InputsError) -> ContextContent? {
        var jobs = jobs()
        let folders = try makeFolders(jobs.map(\.target))
        try makeLinks(jobs)
        jobs.removeAll { $0.record.digest == nil }
        try resolvePointers(&jobs, object)
        try copy(jobs)
        try GitFolderStager(request, directory)?.run()
        do throws(SystemError) {
            for folder in folders.reversed() { try Self.settle(folder, permissions: 0o755) }
        } catch { throw InputsError(error) }
        if !isChanged { return nil }
        content.rehash()
        return content
    }

    private func jobs() -> [Job] {
        let context = request.context
        var jobs: [Job] = content.files.enumerated().map { position, record in
            Job(
                record: record, source: context.appending(record.path), target: record.path, position: position,
                isFollowed: false)
        }
        for (position, (record, place)) in zip(content.followed, content.followedPlaces).enumerated() {
            let target = content.isHidden(record.path) ? place : record.path
            if content.files[target] != nil { continue }
            jobs.append(
                Job(
                    record: record, source: context.appending(place), target: target, position: position,
                    isFollowed: true))
        }
        return jobs
    }

    /// Makes the folders above all targets, and the context folder; gives them from the top down.
    private func makeFolders(_ targets: [RelativePath]) throws(InputsError) -> [FilePath] {
        var folders: Set<RelativePath> = [RelativePath(bytes: [])]
        for target in targets {
            var above = target.parent
            while let folder = above, folders.insert(folder).inserted { above = folder.parent }
        }
        let paths = folders.sorted().map { directory.appending($0) }
        do throws(SystemError) {
            for path in paths {
                try checked("create", path.string) { path.withPlatformString { mkdir($0, 0o755) } }
            }
        } catch { throw InputsError(error) }
        return paths
    }

    private func makeLinks(_ jobs: [Job]) throws(InputsError) {
        for job in jobs {
            guard case .link(let text) = job.record.content else { continue }
            let path = directory.appending(job.target)
            do throws(SystemError) {
                try checked("create", path.string) {
                    FilePath(bytes: text).withPlatformString { text in path.withPlatformString { symlink(text, $0) } }
                }
                try Self.settle(path, permissions: nil)
            } catch { throw InputsError(error) }
        }
    }

    /// Points LFS files of which the work tree holds the pointer only to their objects.
    private func resolvePointers(
        _ jobs: inout [Job], _ object: (SHA256Digest) -> FilePath?
    ) throws(InputsError) {
        var missing: [InputsError.MissingObject] = []
        for (index, job) in jobs.enumerated() where job.record.isLFS {
            guard let status = try? FileStatus.of(job.source), status.size < Pointer.maximumLength,
                let bytes = try? Self.pointerText(job),
                !bytes.isEmpty, let pointer = Pointer(parsing: bytes)
            else { continue }
            if let path = object(pointer.oid) {
                jobs[index] = Job(
                    record: job.record, source: path, target: job.target, position: job.position,
                    isFollowed: job.isFollowed, object: pointer.oid)
            } else {
                missing.append(.init(path: job.record.path, oid: pointer.oid, size: pointer.size))
            }
        }
        if let first = missing.first {
            let more = missing.count > 1 ? " and \(missing.count - 1) more" : ""
            throw InputsError(
                .missingObjects(missing),
                "cannot stage \(first.path)\(more): LFS object missing: \(first.oid.hexadecimal)",
                hint: "cache-image lfs fetch")
        }
    }

    /// Copies all files, on as many threads as there are processors.
    private mutating func copy(_ jobs: [Job]) throws(InputsError) {
        var results = [Result<Copy, InputsError>?](repeating: nil, count: jobs.count)
        let workers = max(1, min(jobs.count / 16 + 1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        let next = Counter()
        let directory = directory
        results.withUnsafeMutableBufferPointer { results in
            nonisolated(unsafe) let results = results
            let work: @Sendable (Int) -> Void = { _ in
                var buffer = [UInt8](repeating: 0, count: 256 << 10)
                while true {
                    let index = next.take()
                    guard index < jobs.count else { return }
                    do throws(SystemError) {
                        results[index] = .success(try Self.copy(jobs[index], below: directory, &buffer))
                    } catch {
                        results[index] = .failure(InputsError(error))
                        next.end(at: jobs.count)
                    }
                }
            }
            if workers == 1 { work(0) } else { DispatchQueue.concurrentPerform(iterations: workers, execute: work) }
        }
        for case .failure(let error)? in results { throw error }
        for case (let job, .success(let copy)?) in zip(jobs, results) {
            if let object = job.object, object != copy.digest {
                throw InputsError(
                    .missingObjects([.init(path: job.record.path, oid: object, size: Size(job.record.size))]),
                    "cannot stage \(job.record.path): LFS object \(object.hexadecimal) is damaged",
                    hint: "cache-image lfs fsck")
            }
            if copy.digest != job.record.digest { update(job, copy) }
        }
    }

    /// Takes over what was staged in place of what had been hashed before.
    private mutating func update(_ job: Job, _ copy: Copy) {
        isChanged = true
        func change(_ table: inout FileTable) {
            table.entries[job.position].digest = copy.digest
            table.entries[job.position].size = copy.size
            table.entries[job.position].flags.insert(.modified)
            if table.entries[job.position].flags.contains(.lfs) {
                table.entries[job.position].blob = ObjectID(
                    ofBlob: Pointer(oid: copy.digest, size: Size(copy.size)).encoded)
            } else if table.entries[job.position].flags.contains(.hasBlob) {
                table.entries[job.position].blob = copy.blob
            }
        }
        if job.isFollowed { change(&content.followed) } else { change(&content.files) }
    }

    /// Opens a file of the context; what rule 18 follows and objects of Git LFS may be links, nothing else.
    private static func open(_ job: Job) throws(SystemError) -> FileDescriptor {
        job.isFollowed || job.object != nil ? try Files.openRegular(job.source) : try Files.openPlain(job.source)
    }

    private static func pointerText(_ job: Job) throws(SystemError) -> [UInt8] {
        let descriptor = try open(job)
        defer { try? descriptor.close() }
        return try Files.readAll(descriptor, named: job.source.string, limit: Pointer.maximumLength)
    }

    /// Copies one file, its blocks shared where the file system can, and hashes the copy.
    private static func copy(
        _ job: Job, below directory: FilePath, _ buffer: inout [UInt8]
    ) throws(SystemError) -> Copy {
        let target = directory.appending(job.target)
        let input = try open(job)
        defer { try? input.close() }
        let output = try Files.create(target, permissions: 0o600)
        defer { try? output.close() }
        let size = try FileStatus.of(input).size
        let isCloned = size >= 64 << 10 && cshims_reflink(input.rawValue, output.rawValue) == 0
        let reading = isCloned ? output : input
        let digest = IncrementalHash(.sha256)
        let blob = BlobHash(size: size)
        var total: Int64 = 0
        while true {
            let count = try Files.read(reading, into: &buffer, named: job.source.string)
            if count == 0 { break }
            total += Int64(count)
            let done: Result<Void, SystemError> = buffer.withUnsafeBytes { bytes in
                let part = UnsafeRawBufferPointer(rebasing: bytes[..<count])
                digest.update(part)
                blob.update(part)
                return Result { () throws(SystemError) in
                    if !isCloned { try Files.write(part, to: output, named: target.string) }
                }
            }
            try done.get()
        }
        try settle(target, permissions: job.record.isExecutable ? 0o755 : 0o644)
        return Copy(digest: SHA256Digest(finishing: digest), size: total, blob: blob.finish())
    }

    /// Gives a staged file or folder its mode, owner and time.
    static func settle(_ path: FilePath, permissions: mode_t?) throws(SystemError) {
        if let permissions {
            try checked("set the mode of", path.string) { path.withPlatformString { chmod($0, permissions) } }
        }
        if geteuid() == 0 {
            try checked("set the owner of", path.string) { path.withPlatformString { lchown($0, 0, 0) } }
        }
        try checked("set the time of", path.string) {
            path.withPlatformString { cshims_set_times($0, FixedTime.seconds, 0) }
        }
    }
}

/// Hands out positions to threads.
final class Counter: Sendable {
    private let next = Atomic<Int>(0)

    /// The next position.
    func take() -> Int { next.wrappingAdd(1, ordering: .relaxed).oldValue }

    /// Hands out no more positions before `count`.
    func end(at count: Int) { next.store(count, ordering: .relaxed) }
}
