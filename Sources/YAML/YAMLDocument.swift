import CYAML
import SystemCalls

/// Reads one YAML document through libyaml, within limits that no configuration reaches.
public struct YAMLDocument {
    /// The largest file.
    public static let maximumBytes = 1 << 20
    /// The deepest nesting.
    public static let maximumDepth = 32
    /// The most nodes once aliases are followed.
    public static let maximumNodes = 100_000

    private let events: YAMLEvents
    private var anchors: [String: YAMLNode] = [:]
    private var nodes = 0

    /// The document's root; nil for an empty file.
    public static func parse(_ bytes: [UInt8], file: String) throws(YAMLError) -> YAMLNode? {
        if bytes.count > maximumBytes {
            throw YAMLError("cannot read \(file): it is larger than \(maximumBytes >> 20) MiB")
        }
        if let line = firstLineThatIsNotUTF8(bytes) {
            throw YAMLError("cannot read \(file):\(line): the line is not UTF-8")
        }
        var document = YAMLDocument(events: try YAMLEvents(bytes, file: file))
        return try document.root()
    }

    private static func firstLineThatIsNotUTF8(_ bytes: [UInt8]) -> Int? {
        if String(validating: bytes, as: UTF8.self) != nil { return nil }
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        return (lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0) + 1
    }

    private mutating func root() throws(YAMLError) -> YAMLNode? {
        var result: YAMLNode?
        while true {
            let event = try events.next()
            switch event.kind {
            case YAML_STREAM_START_EVENT, YAML_DOCUMENT_END_EVENT: continue
            case YAML_STREAM_END_EVENT: return result
            case YAML_DOCUMENT_START_EVENT:
                if result != nil { throw events.error(event.line, "a second document begins here") }
                result = try node(try events.next(), depth: 0)
            default: throw events.error(event.line, "unexpected content")
            }
        }
    }

    private mutating func node(_ event: YAMLEvent, depth: Int) throws(YAMLError) -> YAMLNode {
        if depth > Self.maximumDepth {
            throw events.error(event.line, "more than \(Self.maximumDepth) levels of nesting")
        }
        try count(1, event.line)
        var node = YAMLNode(content: .sequence([]), line: event.line, weight: 1)
        switch event.kind {
        case YAML_ALIAS_EVENT:
            guard var target = anchors[event.anchor] else {
                throw events.error(event.line, "the alias *\(event.anchor) has no anchor before it")
            }
            try count(target.weight, event.line)
            target.line = event.line
            return target
        case YAML_SCALAR_EVENT:
            node.content = .scalar(event.text, isPlain: event.isPlain)
        case YAML_SEQUENCE_START_EVENT:
            var elements: [YAMLNode] = []
            while true {
                let inner = try events.next()
                if inner.kind == YAML_SEQUENCE_END_EVENT { break }
                let element = try self.node(inner, depth: depth + 1)
                node.weight += element.weight
                elements.append(element)
            }
            node.content = .sequence(elements)
        case YAML_MAPPING_START_EVENT:
            try readEntries(into: &node, depth: depth)
        default: throw events.error(event.line, "unexpected content")
        }
        if !event.anchor.isEmpty { anchors[event.anchor] = node }
        return node
    }

    private mutating func readEntries(into node: inout YAMLNode, depth: Int) throws(YAMLError) {
        var entries: [YAMLNode.Entry] = []
        var lines: [String: Int] = [:]
        var merged: [YAMLNode.Entry] = []
        while true {
            let inner = try events.next()
            if inner.kind == YAML_MAPPING_END_EVENT { break }
            let key = try self.node(inner, depth: depth + 1)
            guard case .scalar(let name, let isPlain) = key.content else {
                throw events.error(key.line, "a key must be a word, not \(key.kind)")
            }
            let value = try self.node(try events.next(), depth: depth + 1)
            node.weight += key.weight + value.weight
            if name == "<<", isPlain {
                merged += try entriesToMerge(value)
                continue
            }
            if let first = lines[name] {
                throw events.error(key.line, "the key \(Printable.quoted(name)) occurs twice, first on line \(first)")
            }
            lines[name] = key.line
            entries.append(YAMLNode.Entry(key: name, line: key.line, value: value))
        }
        for entry in merged where lines[entry.key] == nil {
            lines[entry.key] = entry.line
            entries.append(entry)
        }
        node.content = .mapping(entries)
    }

    /// The entries that a merge key (`<<`) brings; of several maps the first that has a key decides.
    private func entriesToMerge(_ value: YAMLNode) throws(YAMLError) -> [YAMLNode.Entry] {
        switch value.content {
        case .mapping(let entries): return entries
        case .sequence(let elements):
            var result: [YAMLNode.Entry] = []
            for element in elements {
                guard case .mapping(let entries) = element.content else {
                    throw events.error(value.line, "<< takes a map or a list of maps")
                }
                result += entries
            }
            return result
        case .scalar: throw events.error(value.line, "<< takes a map or a list of maps")
        }
    }

    private mutating func count(_ more: Int, _ line: Int) throws(YAMLError) {
        nodes += more
        if nodes > Self.maximumNodes { throw events.error(line, "more than \(Self.maximumNodes) values") }
    }
}
