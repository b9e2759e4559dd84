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

    /// Reads the hook's standard input.
    ///
    /// What is pushed may be named as any revision. A line that cannot be understood is an error: Git would push commits
    /// whose objects the server never gets.
    ///
    /// - Parameters:
    ///   - text: The lines, `LOCAL-REF LOCAL-ID REMOTE-REF REMOTE-ID`; empty ones are left out.
    ///   - resolve: The object that a revision names; nil where there is none.
    public static func parse(
        _ text: String, resolve: (String) throws -> ObjectID?
    ) throws -> [PushUpdate] {
        var updates: [PushUpdate] = []
        for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let words = line.split(separator: " ")
            if words.isEmpty { continue }
            func refusal(_ reason: String) -> LFSError {
                LFSError(.failed, "read", "line \(number + 1) of what Git says to pre-push", reason)
            }
            guard words.count >= 4 else {
                throw refusal("expected LOCAL-REF LOCAL-ID REMOTE-REF REMOTE-ID, found \(words.count) words")
            }
            // A revision that is pushed by its own words, such as `HEAD^{/some text}`, may hold spaces.
            let tail = words.suffix(3).map(String.init)
            let (name, remoteReference, old) = (tail[0], tail[1], tail[2])
            guard let local = isZero(name) ? ObjectID.zero : try resolve(name) else {
                throw refusal("\(name) names no object of this repository")
            }
            updates.append(
                PushUpdate(
                    localReference: words.dropLast(3).joined(separator: " "), local: local,
                    remoteReference: remoteReference,
                    // What the remote has need not be here; then nothing is known to be there.
                    remote: isZero(old) ? .zero : ObjectID(hexadecimal: old) ?? .zero))
        }
        return updates
    }

    /// Whether a word is the name of no object, in whatever length.
    private static func isZero(_ word: String) -> Bool {
        word.utf8.count >= 40 && word.utf8.allSatisfy { $0 == UInt8(ascii: "0") }
    }

    /// Whether the reference is deleted, so that nothing is uploaded for it.
    public var isDeletion: Bool { local == .zero }
}
