import Dispatch
import Git
import Glibc
import Hashing
import Records
import SystemCalls

/// Reads files and hashes them on as many threads as there are processors, never on those of Swift's concurrency.
struct FileHasher {
    /// A file to read.
    struct Job {
        /// The path below the folder.
        let path: [UInt8]
        /// Whether the blob id of the bytes is wanted.
        let wantsBlob: Bool
        /// Whether a small file's bytes are wanted, since it may be an LFS pointer.
        let wantsBytes: Bool
    }

    /// What a file held.
    struct Result {
        let digest: SHA256Digest
        let blob: ObjectID?
        let stamp: FileStamp
        /// The bytes of a small file that were asked for.
        let bytes: [UInt8]?
    }

    private static let attempts = 4
    private static let bufferSize = 256 << 10

    /// The open folder that paths are relative to.
    let descriptor: Int32
    /// Names a file in messages.
    let name: @Sendable ([UInt8]) -> String

    /// Reads all files; the results come in the order of the jobs.
    func run(_ jobs: [Job]) throws(InputsError) -> [Result] {
        var results = [Swift.Result<Result, InputsError>?](repeating: nil, count: jobs.count)
        let next = Counter()
        let workers = max(1, min(jobs.count / 8 + 1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        results.withUnsafeMutableBufferPointer { results in
            nonisolated(unsafe) let results = results
            let work: @Sendable (Int) -> Void = { _ in
                var buffer = [UInt8](repeating: 0, count: Self.bufferSize)
                while true {
                    let index = next.take()
                    guard index < jobs.count else { return }
                    do throws(InputsError) {
                        results[index] = .success(try read(jobs[index], &buffer))
                    } catch {
                        results[index] = .failure(error)
                        next.end(at: jobs.count)
                    }
                }
            }
            if workers == 1 { work(0) } else { DispatchQueue.concurrentPerform(iterations: workers, execute: work) }
        }
        var finished: [Result] = []
        finished.reserveCapacity(jobs.count)
        // A failure stops the others, so those that are missing stand before it.
        for case .failure(let error)? in results { throw error }
        for case .success(let result)? in results { finished.append(result) }
        return finished
    }

    /// Reads one file, again where it changed meanwhile.
    func read(_ job: Job, _ buffer: inout [UInt8]) throws(InputsError) -> Result {
        for _ in 0..<Self.attempts {
            do throws(SystemError) {
                if let result = try attempt(job, &buffer) { return result }
            } catch { throw InputsError(inContext: error) }
            usleep(20_000)
        }
        throw InputsError(.changedWhileRead, "cannot read \(name(job.path)): it changes while it is read")
    }

    private func attempt(_ job: Job, _ buffer: inout [UInt8]) throws(SystemError) -> Result? {
        let path = name(job.path)
        let file = try checked("open", path) {
            job.path.withTerminator { Files.openFile($0, in: descriptor) }
        }
        defer { close(file) }
        var before = stat()
        try checked("examine", path) { fstat(file, &before) }
        guard before.st_mode & S_IFMT == S_IFREG else { return nil }
        let digest = IncrementalHash(.sha256)
        let blob = job.wantsBlob ? BlobHash(size: Int64(before.st_size)) : nil
        var kept: [UInt8]? = job.wantsBytes && before.st_size < Pointer.maximumLength ? [] : nil
        var total = 0
        while true {
            let count = try checked("read", path) {
                buffer.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, $0.count) }
            }
            if count == 0 { break }
            total += count
            buffer.withUnsafeBytes {
                let part = UnsafeRawBufferPointer(rebasing: $0[..<count])
                digest.update(part)
                blob?.update(part)
                kept?.append(contentsOf: part)
            }
        }
        var after = stat()
        try checked("examine", path) { fstat(file, &after) }
        let stamp = FileStamp(before)
        guard stamp == FileStamp(after), total == before.st_size else { return nil }
        return Result(digest: SHA256Digest(finishing: digest), blob: blob?.finish(), stamp: stamp, bytes: kept)
    }
}

extension [UInt8] {
    /// Runs a call with the bytes as a path that ends in a zero.
    func withTerminator<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: count + 1) { path in
            for (index, byte) in enumerated() { path[index] = CChar(bitPattern: byte) }
            path[count] = 0
            guard let base = path.baseAddress else { return "".withCString(body) }
            return body(base)
        }
    }
}
