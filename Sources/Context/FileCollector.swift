import Git
import Glibc
import Hashing
import Records
import SystemCalls
import SystemPackage

/// Collects the records of files: proven ones at once, the others once enough to hash together were found.
package final class FileCollector {
    /// A file whose bytes must be read, unless the stat cache knows them.
    private struct Pending {
        let entry: Int
        let path: [UInt8]
        let stamp: FileStamp
        let conversion: GitScope.Conversion
        let isInRepository: Bool
        /// The blob in the index, if Git tracks the file.
        let tracked: ObjectID?
        /// Whether the index proves that the file is unchanged.
        let isProven: Bool
    }

    /// How many files wait at most.
    private static let batch = 4096

    var table = FileTable()
    /// What is not in the work tree, by the path of its record.
    package var absent: [RelativePath: AbsentPath] = [:]
    private var pending: [Pending] = []
    let caches: OpenCaches
    private let root: Int32
    private let cachePrefix: [UInt8]
    private let name: @Sendable ([UInt8]) -> String
    /// Files that had to be opened.
    package private(set) var readCount = 0

    /// Starts a collection.
    ///
    /// - Parameters:
    ///   - root: The open folder that paths are relative to.
    ///   - cachePrefix: What stands before a path in the stat cache.
    ///   - caches: Memo and stat cache.
    ///   - name: Names a file in messages.
    package init(
        root: Int32, cachePrefix: [UInt8], caches: OpenCaches, name: @escaping @Sendable ([UInt8]) -> String
    ) {
        self.root = root
        self.cachePrefix = cachePrefix
        self.caches = caches
        self.name = name
    }

    /// Makes room for so many files.
    func reserve(_ count: Int) {
        table.entries.reserveCapacity(count)
        table.names.reserveCapacity(count * 40)
    }

    /// Adds a regular file.
    ///
    /// - Parameters:
    ///   - recorded: The path of the record.
    ///   - path: Where the file lies, below the root.
    ///   - status: What `lstat` says.
    ///   - entry: The file's index entry, if Git tracks it.
    ///   - scope: The repository that the file belongs to.
    ///   - conversion: How Git converts it; nil where that is not known yet.
    func addFile(
        _ recorded: [UInt8], at path: [UInt8], _ status: stat, _ entry: IndexEntry?, _ scope: GitScope?,
        _ known: GitScope.Conversion?
    ) throws(InputsError) {
        var record = FileTable.Entry(nameStart: table.names.count, nameLength: UInt32(recorded.count))
        table.names += recorded
        let trustsMode = scope?.trustsMode ?? true
        if trustsMode ? status.st_mode & 0o100 != 0 : entry?.isExecutable ?? false { record.flags.insert(.executable) }
        if let entry {
            if entry.isExecutable != record.flags.contains(.executable) { record.flags.insert(.modified) }
        } else {
            record.flags.insert(.untracked)
        }
        record.size = Int64(status.st_size)
        var conversion = known ?? .none
        if let scope, known == nil { conversion = try scope.conversion(of: scope.repositoryPath(path)) }
        var isProven = false
        if let entry, let scope, !caches.trustsNothing, scope.proves(entry, FileStatus(status)) {
            isProven = true
            record.blob = entry.id
            record.flags.insert(.hasBlob)
            switch conversion {
            case .none:
                if let content = caches.memo.content(of: entry.id), content.size == record.size {
                    record.digest = content.digest
                    table.entries.append(record)
                    return
                }
            case .lfs:
                if let pointer = scope.pointer(entry.id) {
                    try check(pointer, path)
                    record.digest = pointer.oid
                    record.size = pointer.size.bytes
                    record.flags.insert(.lfs)
                    table.entries.append(record)
                    return
                }
            case .other: break
            }
            if conversion != .none { record.flags.remove(.hasBlob) }
        }
        pending.append(
            Pending(
                entry: table.entries.count, path: path, stamp: FileStamp(status), conversion: conversion,
                isInRepository: scope != nil, tracked: entry?.id, isProven: isProven))
        table.entries.append(record)
        if pending.count == Self.batch { try readPending() }
    }

    /// Adds a symbolic link.
    func addLink(
        _ recorded: [UInt8], at path: [UInt8], _ status: stat, _ entry: IndexEntry?
    ) throws(InputsError) {
        var text = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count: Int
        do throws(SystemError) {
            count = try checked("read the link", name(path)) {
                path.withTerminator { path in
                    text.withUnsafeMutableBytes {
                        guard let buffer = $0.baseAddress else { return 0 }
                        return readlinkat(root, path, buffer.assumingMemoryBound(to: CChar.self), $0.count)
                    }
                }
            }
        } catch { throw InputsError(inContext: error) }
        let target = Array(text[..<count])
        table.append(
            FileRecord(
                path: RelativePath(bytes: recorded), content: .link(target), blob: ObjectID(ofBlob: target),
                isUntracked: entry == nil))
        if let entry, entry.id != table.entries[table.entries.count - 1].blob {
            table.entries[table.entries.count - 1].flags.insert(.modified)
        }
    }

    private func check(_ pointer: Pointer, _ path: [UInt8]) throws(InputsError) {
        if !pointer.extensions.isEmpty {
            throw InputsError(.recipe, "cannot read \(name(path)): LFS pointers with extensions are not supported")
        }
    }

    /// Reads what nothing proves, and gives the sorted table.
    package func finish() throws(InputsError) -> FileTable {
        try readPending()
        sort()
        return table
    }

    private func cacheKey(_ path: [UInt8]) -> [UInt8] { cachePrefix + path }

    private func readPending() throws(InputsError) {
        var jobs: [FileHasher.Job] = []
        var waiting: [Pending] = []
        for file in pending {
            let mayBePointer = file.conversion == .lfs && file.stamp.size < Pointer.maximumLength
            if !mayBePointer,
                let known = cacheKey(file.path).withUnsafeBytes({ caches.stat.content(of: $0, file.stamp) })
            {
                if file.isProven, known.blob == file.tracked {
                    caches.memo.learn(known.blob, ContentMemo.Content(digest: known.digest, size: file.stamp.size))
                }
                settle(file, known.digest, known.blob == .zero ? nil : known.blob)
                continue
            }
            let wantsBlob = file.isInRepository && file.conversion == .none
            jobs.append(FileHasher.Job(path: file.path, wantsBlob: wantsBlob, wantsBytes: mayBePointer))
            waiting.append(file)
        }
        pending = []
        readCount += jobs.count
        if jobs.isEmpty { return }
        let results = try FileHasher(descriptor: root, name: name).run(jobs)
        for (file, result) in zip(waiting, results) {
            try take(result, for: file)
        }
    }

    private func take(_ result: FileHasher.Result, for file: Pending) throws(InputsError) {
        if file.conversion == .lfs, let bytes = result.bytes, let pointer = Pointer(parsing: bytes) {
            try check(pointer, file.path)
            table.entries[file.entry].digest = pointer.oid
            table.entries[file.entry].size = pointer.size.bytes
            table.entries[file.entry].flags.insert(.lfs)
            table.entries[file.entry].flags.insert(.hasBlob)
            table.entries[file.entry].blob = ObjectID(ofBlob: bytes)
            if let tracked = file.tracked, table.entries[file.entry].blob != tracked {
                table.entries[file.entry].flags.insert(.modified)
            }
            return
        }
        let recorded = table.entries[file.entry]
        settle(file, result.digest, result.blob)
        table.entries[file.entry].size = result.stamp.size
        if recorded.flags.contains(.hasBlob), recorded.blob == result.blob {
            // The index proves it next time, so that its stat data need not be known.
            caches.memo.learn(recorded.blob, ContentMemo.Content(digest: result.digest, size: result.stamp.size))
            return
        }
        let content = StatCache.Content(digest: result.digest, blob: result.blob ?? .zero)
        cacheKey(file.path).withUnsafeBytes { caches.stat.learn($0, result.stamp, content) }
    }

    private func settle(_ file: Pending, _ digest: SHA256Digest, _ blob: ObjectID?) {
        table.entries[file.entry].digest = digest
        let known = file.tracked
        switch file.conversion {
        case .none:
            if let blob {
                table.entries[file.entry].blob = blob
                table.entries[file.entry].flags.insert(.hasBlob)
            }
        case .lfs:
            let pointer = Pointer(oid: digest, size: Size(file.stamp.size))
            table.entries[file.entry].blob = ObjectID(ofBlob: pointer.encoded)
            table.entries[file.entry].flags.insert([.hasBlob, .lfs])
        case .other: table.entries[file.entry].flags.remove(.hasBlob)
        }
        if let known, file.conversion == .other || table.entries[file.entry].blob != known, !file.isProven {
            table.entries[file.entry].flags.insert(.modified)
        }
    }

    private func sort() {
        let entries = table.entries
        let isSorted = table.names.withUnsafeBytes { names in
            entries.indices.dropFirst().allSatisfy { FileTable.precedes(entries[$0 - 1], entries[$0], names) }
        }
        if isSorted { return }
        let table = table
        self.table.entries.sort { table.name($0).lexicographicallyPrecedes(table.name($1)) }
    }
}

/// Memo and stat cache, opened for one computation.
package final class OpenCaches {
    let memo: ContentMemo
    let stat: StatCache
    private let isWritable: Bool
    /// Whether every file is to be read, whatever Git proves.
    let trustsNothing: Bool
    private let records: [() -> InputsRecord?]
    /// The record of the image's entry, as far as it is of a form whose files can be compared; read when first asked for.
    package private(set) lazy var record: InputsRecord? = records.lazy.compactMap { $0() }.first
    private lazy var recordedBlobs: [ObjectID: FileRecord] = {
        var files: [ObjectID: FileRecord] = [:]
        for file in (record.map { Array($0.files) } ?? []) + (record?.extraFiles ?? []) {
            if let blob = file.blob { files[blob] = file }
        }
        return files
    }()

    /// Opens them; nothing is read before it is asked for.
    package init(_ caches: InputCaches, trustsNothing: Bool = false) {
        self.trustsNothing = trustsNothing
        let records = caches.records.map { path in
            { () -> InputsRecord? in
                guard let record = (try? caches.shelf.record(at: path, .all)) ?? nil else { return nil }
                return record.algorithm == InputsRecord.currentAlgorithm ? record : nil
            }
        }
        self.records = records
        memo = ContentMemo(caches.memo, records: records, permission: caches.permission)
        stat = StatCache(caches.stat, permission: caches.permission)
        isWritable = caches.isWritable
    }

    /// A file of the entry's record, or of its declared inputs, whose blob is this one.
    func recorded(_ blob: ObjectID) -> FileRecord? { recordedBlobs[blob] }

    /// Writes what was learnt back.
    package func save() {
        guard isWritable else { return }
        memo.save()
        stat.save()
    }
}
