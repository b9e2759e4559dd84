import Git

/// One line of the `pre-push` hook's input: a reference that is about to be pushed.
public struct PushUpdate: Hashable, Sendable {
    /// The local reference, or `(delete)`.
    public let localReference: String
    /// The commit to be pushed; zero for a deletion.
    public let local: ObjectID
    /// The reference at the remote.
    public let remoteReference: String
    /// The commit that the remote has there; zero where the reference is new.
    public let remote: ObjectID

    /// Names an update.
    public init(localReference: String, local: ObjectID, remoteReference: String, remote: ObjectID) {
        self.localReference = localReference
        self.local = local
        self.remoteReference = remoteReference
        self.remote = remote
    }

    /// Reads the hook's standard input; lines that are not of its form are left out.
    public static func parse(_ text: String) -> [PushUpdate] {
        text.split(whereSeparator: \.isNewline).compactMap { line in
            let words = line.split(separator: " ")
            guard words.count == 4, let local = ObjectID(hexadecimal: words[1]),
                let remote = ObjectID(hexadecimal: words[3])
            else { return nil }
            return PushUpdate(
                localReference: String(words[0]), local: local, remoteReference: String(words[2]), remote: remote)
        }
    }

    /// Whether the reference is deleted, so that nothing is uploaded for it.
    public var isDeletion: Bool { local == .zero }
}
