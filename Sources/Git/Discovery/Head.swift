import SystemCalls
import SystemPackage

/// What HEAD says, read from its file as Git reads it: libgit2 is not loaded, and no object is looked at.
public enum Head: Hashable, Sendable {
    /// The full name of a reference, such as `refs/heads/main`, which has no commit before the first one.
    case reference([UInt8])
    /// HEAD is detached: it names a commit itself.
    case commit(ObjectID)

    /// What a Git folder's HEAD says; nil where it is missing or says nothing that Git knows.
    static func read(in gitDirectory: FilePath, _ files: KnownFiles) throws(SystemError) -> Head? {
        let path = gitDirectory.appending("HEAD")
        // Old programs made HEAD a link to the branch's file; no other link is one.
        if let text = try? Files.linkText(path), text.starts(with: "refs/".utf8) { return .reference(text) }
        return try files.plainBytes(of: path, limit: 64 << 10).flatMap { Head($0) }
    }

    /// Takes what HEAD says, or a reference's file, which may point at another one in the same way.
    init?(_ bytes: [UInt8]) {
        var text = bytes[...]
        while let last = text.last, Self.isSpace(last) { text.removeLast() }
        if text.starts(with: "ref:".utf8) {
            self = .reference(Array(text.dropFirst(4).drop(while: Self.isSpace)))
            return
        }
        let word = text.prefix { !Self.isSpace($0) }
        guard let id = ObjectID(hexadecimal: String(decoding: word, as: UTF8.self)) else { return nil }
        self = .commit(id)
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    /// The name without `refs/heads/`; nil where HEAD is on no branch.
    var branch: String? {
        guard case .reference(let name) = self, name.starts(with: "refs/heads/".utf8) else { return nil }
        return String(decoding: name.dropFirst("refs/heads/".utf8.count), as: UTF8.self)
    }
}

extension Repository {
    /// The reference that HEAD is on, such as `refs/heads/main`, even without a commit; nil where it is detached.
    public func headBranch() throws(SystemError) -> String? {
        guard case .reference(let name) = try Head.read(in: gitDirectory, knownFiles) else { return nil }
        return String(decoding: name, as: UTF8.self)
    }

    /// The commit that HEAD names; nil before the first one.
    public func head() throws(SystemError) -> ObjectID? {
        var head = try Head.read(in: gitDirectory, knownFiles)
        // Git follows five references that point at another one.
        for _ in 0...5 {
            switch head {
            case .commit(let id): return id
            case .reference(let name): head = try reference(name)
            case nil: return nil
            }
        }
        return nil
    }

    /// What a reference says: its own file before `packed-refs`.
    private func reference(_ name: [UInt8]) throws(SystemError) -> Head? {
        let path = FilePath(bytes: name)
        guard name.starts(with: "refs/".utf8), path.components.allSatisfy({ $0.kind == .regular }) else { return nil }
        let isOwn = ["refs/bisect/", "refs/worktree/", "refs/rewritten/"].contains { name.starts(with: $0.utf8) }
        let file = (isOwn ? gitDirectory : commonDirectory).pushing(path)
        do throws(SystemError) {
            if let bytes = try knownFiles.bytes(of: file, limit: 64 << 10) { return Head(bytes) }
        } catch  where error.errno == .isDirectory {
            // A folder of references is no reference; an empty one may be left over.
        }
        guard let packed = try knownFiles.bytes(of: commonDirectory.appending("packed-refs"), limit: 64 << 20) else {
            return nil
        }
        let suffix = [0x20] + name
        for line in packed.split(separator: UInt8(ascii: "\n")) where line.count == 40 + suffix.count {
            if line.dropFirst(40).elementsEqual(suffix) {
                return ObjectID(hexadecimal: String(decoding: line.prefix(40), as: UTF8.self)).map { .commit($0) }
            }
        }
        return nil
    }
}
