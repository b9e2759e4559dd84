import SystemCalls

/// Decides which paths an ordered list of ignore patterns excludes; the last pattern that hits wins.
///
/// A pattern hits a path when it matches the path or a folder above it.
public struct IgnoreMatcher: Sendable {
    /// What the patterns say of a folder, and so of everything below it; a walk starts with `IgnoreMatcher.root`.
    public struct FolderState: Sendable {
        /// Whether each pattern hit the folder or one above it.
        fileprivate var hits: [Bool]
    }

    private let patterns: [IgnorePattern]
    private let hasExceptions: Bool

    /// Compiles patterns, as `IgnoreFile.patterns` gives them.
    public init(_ patterns: [[UInt8]]) throws(PatternError) {
        var compiled: [IgnorePattern] = []
        for text in patterns {
            if let pattern = try IgnorePattern(text) { compiled.append(pattern) }
        }
        self.patterns = compiled
        hasExceptions = compiled.contains { $0.isException }
    }

    /// Whether there is no pattern, so that nothing is excluded.
    public var isEmpty: Bool { patterns.isEmpty }

    /// The state of the root folder.
    public var root: FolderState { FolderState(hits: Array(repeating: false, count: patterns.count)) }

    /// Whether an entry of a folder is excluded, given the folder's state.
    public func isExcluded(_ path: RelativePath, in folder: FolderState) -> Bool {
        var isExcluded = false
        for index in patterns.indices where patterns[index].isException == isExcluded {
            if folder.hits[index] || patterns[index].matches(path.bytes) { isExcluded.toggle() }
        }
        return isExcluded
    }

    /// Decides on a folder within a folder.
    ///
    /// The result says whether it is excluded, the state of its own entries, and whether some of them may be included
    /// all the same: where they may not, an excluded folder need not be opened.
    public func enter(
        _ path: RelativePath, in folder: FolderState
    ) -> (isExcluded: Bool, state: FolderState, mayHoldIncluded: Bool) {
        var state = folder
        var isExcluded = false
        for (index, pattern) in patterns.enumerated() {
            if !state.hits[index] { state.hits[index] = pattern.matches(path.bytes) }
            if state.hits[index] { isExcluded = !pattern.isException }
        }
        if !isExcluded { return (false, state, true) }
        // Below an excluded folder only an exception that has not hit yet can change the verdict.
        let mayHoldIncluded =
            hasExceptions
            && patterns.indices.contains {
                patterns[$0].isException && !state.hits[$0] && patterns[$0].mayMatch(below: path.bytes)
            }
        return (true, state, mayHoldIncluded)
    }

    /// Whether something below a folder may be included, whatever its name.
    public func mayInclude(below folder: RelativePath) -> Bool {
        var state = root
        var prefix = RelativePath(bytes: [])
        for component in folder.components {
            prefix = prefix.appending(RelativePath(bytes: Array(component)))
            let verdict = enter(prefix, in: state)
            if verdict.isExcluded, !verdict.mayHoldIncluded { return false }
            state = verdict.state
        }
        // What happens to a name that no file has happens to all that no pattern spells.
        if !isExcluded(folder.appending(RelativePath(bytes: [0])), in: state) { return true }
        return patterns.indices.contains {
            patterns[$0].isException && !state.hits[$0] && patterns[$0].mayMatch(below: folder.bytes)
        }
    }

    /// Whether a path is excluded; for single questions, where no walk keeps the states of folders.
    public func isExcluded(_ path: RelativePath) -> Bool {
        var state = root
        for (offset, byte) in path.bytes.enumerated() where byte == UInt8(ascii: "/") {
            if offset == 0 { continue }
            state = enter(RelativePath(bytes: Array(path.bytes[..<offset])), in: state).state
        }
        return isExcluded(path, in: state)
    }
}
