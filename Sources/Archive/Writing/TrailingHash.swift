import Dispatch
import Glibc
import Hashing
import Synchronization
import SystemCalls
import SystemPackage

/// Digests of a file that is being written, found on a thread of its own that reads what is there already.
///
/// So the writer never waits for a digest, and what was hashed is what the file holds. Not to be used from two threads.
final class TrailingHash {
    /// How much is read at one go.
    private static let step: Int64 = 4 << 20

    private let queue = DispatchQueue(label: "cache-image.hash")
    private let work: Work
    /// Where the next bytes to read begin, and where what was written ends.
    private var (next, end): (Int64, Int64) = (0, 0)

    /// Follows an open file, which must stay open until `stop` was called or `digests` has answered.
    ///
    /// What was written to the files `flushed` is also on its way to the disk, so that a later fsync waits less.
    init(_ descriptor: FileDescriptor, named name: String, flushing flushed: [FileDescriptor] = []) {
        work = Work(descriptor, name, flushed)
    }

    deinit { work.stop() }

    /// Starts a part at this place.
    func begin(at offset: Int64) { (next, end) = (offset, offset) }

    /// The file has been written up to here.
    func wrote(upTo offset: Int64) {
        end = offset
        if end - next >= Self.step { schedule() }
    }

    /// Ends a part.
    func endPart() {
        schedule()
        queue.async { [work] in work.endPart() }
    }

    private func schedule() {
        if end == next { return }
        queue.async { [work, next, end] in work.read(next..<end) }
        next = end
    }

    /// The digests of all parts that have ended; waits for them.
    func digests() throws -> [SHA256Digest] {
        queue.sync {}
        return try work.result()
    }

    /// Gives up: when this returns, the file is not read any more.
    func stop() {
        work.stop()
        queue.sync {}
    }

    /// What happens on the queue, one piece after the other.
    private final class Work: Sendable {
        private struct State {
            let hash = IncrementalHash(.sha256)
            let buffer = Buffer(count: 256 << 10)
            var digests: [SHA256Digest] = []
            var error: (any Error)?
        }

        private let descriptor: FileDescriptor
        private let name: String
        private let flushed: [FileDescriptor]
        private let state = Mutex(State())
        private let isStopped = Atomic(false)

        init(_ descriptor: FileDescriptor, _ name: String, _ flushed: [FileDescriptor]) {
            self.descriptor = descriptor
            self.name = name
            self.flushed = flushed
        }

        func read(_ range: Range<Int64>) {
            for file in flushed { Files.startFlushing(file, range) }
            state.withLock { state in
                var place = range.lowerBound
                while place < range.upperBound, state.error == nil, !isStopped.load(ordering: .relaxed) {
                    let length = Int(min(range.upperBound - place, Int64(state.buffer.bytes.count)))
                    do {
                        let count = try checked("read", name) {
                            pread(descriptor.rawValue, state.buffer.bytes.baseAddress, length, off_t(place))
                        }
                        if count == 0 { throw ArchiveError.corrupt(name, "it was cut short while it was written") }
                        state.hash.update(UnsafeRawBufferPointer(rebasing: state.buffer.bytes[..<count]))
                        place += Int64(count)
                    } catch {
                        state.error = error
                    }
                }
            }
        }

        func endPart() {
            state.withLock { $0.digests.append(SHA256Digest(finishing: $0.hash)) }
        }

        func stop() { isStopped.store(true, ordering: .relaxed) }

        func result() throws -> [SHA256Digest] {
            try state.withLock { state in
                if let error = state.error { throw error }
                return state.digests
            }
        }
    }
}
