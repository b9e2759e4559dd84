import SystemCalls
import SystemPackage

/// Answers which attributes paths have, as `git check-attr` does; the files of every folder are read once.
///
/// Not to be used from two threads at once.
public final class Attributes {
    private typealias Source = (file: AttributeFile, folder: Int)

    /// The files of a folder's paths, the weakest first.
    private final class Stack {
        let sources: [Source]
        init(_ sources: [Source]) { self.sources = sources }
    }

    private let names: [String]
    private let unspecified: [AttributeValue]
    private let positions: [String: Int]
    private let read: (_ folder: RelativePath, _ isWithoutFile: Bool) throws -> RuleFile?
    private let below: [Source]
    private let above: [Source]
    private let caseFold: Bool
    private var macros: [String: [(name: String, value: AttributeValue)]] = [
        "binary": [("diff", .unset), ("merge", .unset), ("text", .unset)]
    ]
    private var rulesLeft = InputLimit.rules
    private var stacks: [RelativePath: Stack] = [:]
    private var last: Folder?

    /// A folder whose paths are asked about, with the lines that may match one directly in it, the strongest first.
    private struct Folder {
        let path: [UInt8]
        let lines: [(rule: AttributeFile.Rule, folder: Int)]
    }

    /// Prepares the look-up of some attributes.
    ///
    /// - Parameters:
    ///   - names: The attributes to look up.
    ///   - global: The system's and the user's file, weakest first.
    ///   - info: `info/attributes`, the strongest.
    ///   - caseFold: `core.ignorecase`.
    ///   - read: Gives the `.gitattributes` of a folder, which the work tree is known not to hold where it says so.
    init(
        _ names: [String], global: [RuleFile], info: RuleFile?, caseFold: Bool,
        read: @escaping (_ folder: RelativePath, _ isWithoutFile: Bool) throws -> RuleFile?
    ) {
        self.names = names
        unspecified = Array(repeating: .unspecified, count: names.count)
        positions = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        self.read = read
        self.caseFold = caseFold
        // These two are the user's own; they may use macros of files that are not read yet.
        below = global.map { (AttributeFile($0, allowsMacros: true) { _ in true }, 0) }
        above = info.map { [(AttributeFile($0, allowsMacros: true) { _ in true }, 0)] } ?? []
        for source in below { macros.merge(source.file.macros) { $1 } }
    }

    /// Takes lines as they would stand in a `.gitattributes` at the root, and reads no file.
    public convenience init(_ names: [String], text: [UInt8]) {
        self.init(names, global: [], info: nil, caseFold: false) { folder, _ in
            folder.bytes.isEmpty ? RuleFile(name: "", bytes: text) : nil
        }
    }

    /// Whether no line matches anything directly in a folder, so that nothing there has any of the attributes.
    ///
    /// - Parameters:
    ///   - folder: The folder.
    ///   - isWithoutFile: Whether a listing showed that the work tree holds no `.gitattributes` there, so that none is
    ///     looked for.
    public func sayNothing(of folder: RelativePath, isWithoutFile: Bool = false) throws -> Bool {
        try self.folder(folder.bytes[...], isWithoutFile: isWithoutFile).lines.isEmpty
    }

    /// The value of one of the attributes asked for.
    public func value(of name: String, for path: RelativePath, isDirectory: Bool = false) throws -> AttributeValue {
        guard let position = positions[name] else { return .unspecified }
        return try values(for: path, isDirectory: isDirectory)[position]
    }

    /// The values of the attributes asked for, in that order.
    public func values(for path: RelativePath, isDirectory: Bool = false) throws -> [AttributeValue] {
        let slash = path.bytes.lastIndex(of: UInt8(ascii: "/"))
        let lines = try folder(path.bytes[..<(slash ?? 0)]).lines
        // Most paths match no line.
        var found: [AttributeValue?] = []
        var seen: [String: AttributeValue] = [:]
        let name = slash.map { $0 + 1 } ?? 0
        for (rule, folder) in lines
        where rule.pattern.matches(
            path.bytes, folder: folder, name: name, isDirectory: isDirectory, caseFold: caseFold)
        {
            if found.isEmpty { found = Array(repeating: nil, count: names.count) }
            assign(rule.assignments, &found, &seen)
        }
        return found.isEmpty ? unspecified : found.map { $0 ?? .unspecified }
    }

    /// The line that decided about one of the attributes asked for; nil where none says anything of it.
    public func rule(for name: String, of path: RelativePath) throws -> RuleLine? {
        guard let position = positions[name] else { return nil }
        let slash = path.bytes.lastIndex(of: UInt8(ascii: "/"))
        let stack = try stack(for: RelativePath(bytes: Array(path.bytes[..<(slash ?? 0)])))
        var found: [AttributeValue?] = Array(repeating: nil, count: names.count)
        var seen: [String: AttributeValue] = [:]
        for source in (below + stack.sources + above).reversed() {
            for rule in source.file.rules.reversed()
            where rule.pattern.matches(
                path.bytes, folder: source.folder, name: slash.map { $0 + 1 } ?? 0, isDirectory: false,
                caseFold: caseFold)
            {
                assign(rule.assignments, &found, &seen)
                if found[position] != nil { return RuleLine(file: source.file.name, rule.pattern) }
            }
        }
        return nil
    }

    /// Takes over what no stronger line has decided, the last word of a line first, with macros expanded.
    private func assign(
        _ assignments: [(name: String, value: AttributeValue)], _ found: inout [AttributeValue?],
        _ seen: inout [String: AttributeValue]
    ) {
        for (name, value) in assignments.reversed() {
            if let position = positions[name] {
                if found[position] != nil { continue }
                found[position] = value
            } else if macros[name] == nil || seen[name] != nil {
                continue
            }
            if macros[name] != nil, seen.updateValue(value, forKey: name) == nil, value == .set,
                let macro = macros[name]
            {
                assign(macro, &found, &seen)
            }
        }
    }

    /// A folder's lines; walks ask for one folder many times in a row.
    private func folder(_ path: ArraySlice<UInt8>, isWithoutFile: Bool = false) throws -> Folder {
        if let last, last.path.elementsEqual(path) { return last }
        let path = Array(path)
        let text = path.isEmpty ? [] : path + [UInt8(ascii: "/")]
        var lines: [(rule: AttributeFile.Rule, folder: Int)] = []
        let stack = try stack(for: RelativePath(bytes: path), isWithoutFile: isWithoutFile)
        for source in (below + stack.sources + above).reversed() {
            for rule in source.file.rules.reversed()
            where rule.pattern.mayMatch(in: text, depth: source.folder, caseFold: caseFold) {
                lines.append((rule, source.folder))
            }
        }
        let folder = Folder(path: path, lines: lines)
        last = folder
        return folder
    }

    /// The files of a folder's paths.
    private func stack(for folder: RelativePath, isWithoutFile: Bool = false) throws -> Stack {
        if let stack = stacks[folder] { return stack }
        let parent = try folder.parent.map { try self.stack(for: $0) }
        let isRoot = folder.bytes.isEmpty
        var stack = parent ?? Stack([])
        if let text = try read(folder, isWithoutFile) {
            let file = AttributeFile(text, allowsMacros: isRoot) { name in
                positions[name] != nil || macros[name] != nil || above.contains { $0.file.macros[name] != nil }
            }
            rulesLeft -= file.rules.count
            if rulesLeft < 0 { throw GitError.tooManyRules(folder, ".gitattributes") }
            stack = Stack(stack.sources + [(file, isRoot ? 0 : folder.bytes.count + 1)])
            macros.merge(file.macros) { $1 }
        }
        if isRoot { for source in above { macros.merge(source.file.macros) { $1 } } }
        stacks[folder] = stack
        return stack
    }
}
