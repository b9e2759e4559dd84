/// The longest that a level's command may take.
struct LevelTimeout: Sendable {
    /// In seconds; nil for no end.
    let seconds: Int?

    /// How a command ended.
    private enum Ending: Sendable {
        case ended(Int32)
        case late
    }

    /// The status of `body`; nil where it was ended because it took too long.
    ///
    /// It is cancelled, which ends a command politely first, and waited for.
    func run(_ body: @escaping @Sendable () async throws -> Int32) async throws -> Int32? {
        guard let seconds else { return try await body() }
        return try await withThrowingTaskGroup(of: Ending.self) { group in
            group.addTask { .ended(try await body()) }
            group.addTask {
                try await Task.sleep(for: .seconds(seconds))
                return .late
            }
            defer { group.cancelAll() }
            if case .ended(let status)? = try await group.next() { return status }
            group.cancelAll()
            do {
                while try await group.next() != nil {}
            } catch {
                // However it ended: only where this process was asked to end, it was no timeout.
                try Task.checkCancellation()
            }
            return nil
        }
    }
}
