/// One line of an ignore file, compiled.
struct IgnorePattern: Sendable {
    /// Whether it starts with `!` and takes paths back in.
    let isException: Bool
    private let form: Form

    /// The forms that need no walk through the pattern are by far the most frequent ones.
    private enum Form: Sendable {
        case exact([UInt8])
        case prefix([UInt8])
        case suffix([UInt8])
        case glob(Glob)
        /// `**/` and a pattern for a fixed number of last components.
        case tail(Glob, slashes: Int, whole: Glob)
    }

    /// Compiles a pattern; nil for one that is blank.
    init?(_ text: [UInt8]) throws(PatternError) {
        var pattern = GoText.trimSpace(text)
        if pattern.isEmpty { return nil }
        pattern = PathCleaning.clean(pattern)
        isException = pattern.first == UInt8(ascii: "!")
        if isException { pattern.removeFirst() }
        if isException, pattern.isEmpty { throw PatternError("illegal exclusion pattern: \"!\"") }
        guard Glob(pattern, dialect: .pathMatch) != nil, let glob = Glob(pattern, dialect: .ignore) else {
            throw PatternError("malformed pattern: \(String(decoding: text, as: UTF8.self))")
        }
        let stars: [UInt8] = Array("**".utf8)
        if !pattern.contains(where: { "*?[]\\".utf8.contains($0) }) {
            form = .exact(pattern)
        } else if pattern.starts(with: stars), !pattern.dropFirst(2).contains(where: { "*?[]\\".utf8.contains($0) }) {
            form = .suffix(Array(pattern.dropFirst(2)))
        } else if pattern.suffix(2).elementsEqual(stars), pattern.count > 2,
            !pattern.dropLast(2).contains(where: { "*?[]\\".utf8.contains($0) })
        {
            form = .prefix(Array(pattern.dropLast(2)))
        } else if pattern.starts(with: Array("**/".utf8)), let tail = Glob(pattern.dropFirst(3), dialect: .ignore),
            let slashes = tail.fixedSlashes
        {
            form = .tail(tail, slashes: slashes, whole: glob)
        } else {
            form = .glob(glob)
        }
    }

    /// Whether the pattern matches this very path.
    func matches(_ path: [UInt8]) -> Bool {
        switch form {
        case .exact(let wanted): return path == wanted
        case .prefix(let start): return Bytes.starts(path[...], with: start)
        case .suffix(let end):
            return Bytes.ends(path[...], with: end)
                || (end.count == path.count + 1 && end[0] == UInt8(ascii: "/") && path.elementsEqual(end.dropFirst()))
        case .glob(let glob): return glob.matches(path[...])
        case .tail(let glob, let slashes, _):
            return Bytes.tail(path[...], behind: slashes).map { glob.matches($0) } ?? false
        }
    }

    /// Whether the pattern could match something below a folder.
    func mayMatch(below folder: [UInt8]) -> Bool {
        let start = folder.isEmpty ? folder : folder + [UInt8(ascii: "/")]
        switch form {
        case .exact(let wanted): return wanted.count > start.count && wanted.starts(with: start)
        case .prefix(let wanted): return wanted.starts(with: start) || start.starts(with: wanted)
        case .suffix: return true
        case .glob(let glob), .tail(_, _, let glob): return glob.mayMatch(beginningWith: start[...])
        }
    }
}
