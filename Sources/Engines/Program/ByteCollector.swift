import Synchronization

/// Keeps what a program writes, up to a limit.
final class ByteCollector: Sendable {
    private let state = Mutex<[UInt8]>([])

    func take(_ bytes: [UInt8]) {
        state.withLock { if $0.count < 64 << 20 { $0 += bytes } }
    }

    var bytes: [UInt8] { state.withLock { $0 } }
}
