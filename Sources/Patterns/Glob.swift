/// A compiled pattern over whole paths, matched without backtracking: time is at most pattern × path.
struct Glob: Hashable, Sendable {
    private let tokens: [GlobToken]
    /// The bytes that every match starts and ends with, to refuse most paths at once.
    private let prefix: [UInt8]
    private let suffix: [UInt8]
    /// How many `/` every match holds; nil where that varies.
    private let slashes: Int?

    init(_ tokens: [GlobToken]) {
        self.tokens = tokens
        prefix = Self.literal(tokens)
        suffix = Self.literal(tokens.reversed()).reversed()
        var count: Int? = 0
        for token in tokens {
            switch token {
            case .character(slash): count = count.map { $0 + 1 }
            case .character, .anyCharacter, .run: break
            case .set(let ranges, let negated), .setRun(let ranges, let negated):
                if negated || ranges.contains(where: { $0.contains(slash) }) { count = nil }
            case .everything, .folders, .start: count = nil
            }
        }
        slashes = count
    }

    /// The leading ASCII characters that stand for themselves.
    private static func literal(_ tokens: some Sequence<GlobToken>) -> [UInt8] {
        var bytes: [UInt8] = []
        for token in tokens {
            guard case .character(let character) = token, character < 0x80 else { break }
            bytes.append(UInt8(character))
        }
        return bytes
    }

    /// How many `/` every match holds; nil where that varies.
    var fixedSlashes: Int? { slashes }

    /// Whether the pattern matches the whole path.
    func matches(_ path: ArraySlice<UInt8>) -> Bool {
        guard path.count >= max(prefix.count, suffix.count), Bytes.starts(path, with: prefix),
            Bytes.ends(path, with: suffix)
        else { return false }
        if let slashes, path.count(where: { $0 == UInt8(ascii: "/") }) != slashes { return false }
        return run(GlobToken.characters(of: path)).accepts
    }

    /// Whether a path could match that starts with `path` and goes on.
    func mayMatch(beginningWith path: ArraySlice<UInt8>) -> Bool {
        let common = min(path.count, prefix.count)
        guard Bytes.starts(path, with: Array(prefix[..<common])) else { return false }
        return run(GlobToken.characters(of: path)).goesOn
    }

    /// Follows all ways through the pattern at once.
    private func run(_ path: [UInt32]) -> (accepts: Bool, goesOn: Bool) {
        var current = States(count: tokens.count + 1)
        var next = States(count: tokens.count + 1)
        enter(0, &current, isAtStart: true)
        for character in path {
            if current.isEmpty { return (false, false) }
            for position in current.positions where position < tokens.count {
                switch tokens[position] {
                case .character(let wanted): if wanted == character { enter(position + 1, &next) }
                case .anyCharacter: if character != slash { enter(position + 1, &next) }
                case .set(let ranges, let negated):
                    if ranges.contains(where: { $0.contains(character) }) != negated { enter(position + 1, &next) }
                case .setRun(let ranges, let negated):
                    if ranges.contains(where: { $0.contains(character) }) != negated { enter(position, &next) }
                case .start: break
                case .run: if character != slash { enter(position, &next) }
                case .everything: enter(position, &next)
                case .folders:
                    // Inside of it; only a `/` leads on.
                    next.insertInside(position)
                    if character == slash { enter(position + 1, &next) }
                }
            }
            for position in current.inside {
                next.insertInside(position)
                if character == slash { enter(position + 1, &next) }
            }
            current.removeAll()
            swap(&current, &next)
        }
        let open = current.positions.contains { $0 < tokens.count } || !current.inside.isEmpty
        return (current.positions.contains(tokens.count), open)
    }

    /// Adds a position, and those behind tokens that may match nothing.
    private func enter(_ start: Int, _ states: inout States, isAtStart: Bool = false) {
        var position = start
        while states.insert(position), position < tokens.count {
            switch tokens[position] {
            case .run, .setRun, .everything, .folders: position += 1
            case .start where isAtStart: position += 1
            default: return
            }
        }
    }

    /// A set of positions in the pattern that is cheap to empty.
    private struct States {
        var positions: [Int] = []
        var inside: [Int] = []
        private var isMember: [Bool]
        private var isInside: [Bool]

        init(count: Int) {
            isMember = Array(repeating: false, count: count)
            isInside = isMember
        }

        var isEmpty: Bool { positions.isEmpty && inside.isEmpty }

        mutating func insert(_ position: Int) -> Bool {
            if isMember[position] { return false }
            isMember[position] = true
            positions.append(position)
            return true
        }

        mutating func insertInside(_ position: Int) {
            if isInside[position] { return }
            isInside[position] = true
            inside.append(position)
        }

        mutating func removeAll() {
            for position in positions { isMember[position] = false }
            for position in inside { isInside[position] = false }
            positions.removeAll(keepingCapacity: true)
            inside.removeAll(keepingCapacity: true)
        }
    }
}
