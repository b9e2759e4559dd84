import Synchronization

/// The idle handles of one client, so that the next request to a host finds its connection open.
final class HandlePool: Sendable {
    private let idle = Mutex<[CurlHandle]>([])

    /// A handle that talked to `origin` last, else any idle one, else a new one.
    func take(for origin: String) throws(HTTPError) -> CurlHandle {
        let found = idle.withLock { handles -> CurlHandle? in
            guard let index = handles.lastIndex(where: { $0.origin == origin }) else { return nil }
            return handles.remove(at: index)
        }
        if let found { return found }
        let handle = try CurlHandle()
        handle.origin = origin
        return handle
    }

    /// Gives a handle back; the oldest of too many are closed.
    func giveBack(_ handle: CurlHandle) {
        idle.withLock { handles in
            handles.append(handle)
            if handles.count > 16 { handles.removeFirst() }
        }
    }
}
