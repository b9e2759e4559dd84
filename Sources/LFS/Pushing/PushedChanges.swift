import Git
import SystemCalls

/// The paths that a push changes, whatever stands there: locks hold for files outside LFS, too.
public struct PushedChanges {
    private let scan: PointerScan
    private let starts: [ObjectID]
    private let hidden: [ObjectID]

    /// Names the commits of a push.
    ///
    /// - Parameters:
    ///   - scan: Reads the repository.
    ///   - starts: What is pushed.
    ///   - hidden: What the remote has.
    public init(_ scan: PointerScan, from starts: [ObjectID], notIn hidden: [ObjectID]) {
        self.scan = scan
        self.starts = starts
        self.hidden = hidden
    }

    /// The paths that any of the commits changes or removes.
    nonisolated(nonsending) public func paths() async throws -> Set<RelativePath> {
        try await scan.changedPaths(from: starts, notIn: hidden)
    }

    /// Whether any of the paths is `lockable`, as the work tree's attributes say.
    nonisolated(nonsending) public func touchLockable() async throws -> Bool {
        let attributes = try scan.repository.attributes(["lockable"])
        return try await paths().contains { try attributes.value(of: "lockable", for: $0) == .set }
    }
}
