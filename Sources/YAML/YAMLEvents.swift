import CYAML
import SystemCalls

/// What libyaml reports, copied out of its memory.
struct YAMLEvent {
    var kind: yaml_event_type_t
    /// From 1.
    var line: Int
    var anchor = ""
    var text = ""
    var isPlain = false
}

/// The events of a YAML text, as libyaml finds them.
final class YAMLEvents {
    private let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
    private let input: UnsafeMutableBufferPointer<UInt8>
    private let file: String

    /// Starts to read a text, which must be UTF-8.
    init(_ bytes: [UInt8], file: String) throws(YAMLError) {
        do {
            try SharedLibrary.yaml.load()
        } catch {
            throw YAMLError(error.description, hint: error.hint)
        }
        self.file = file
        // Editors of Windows begin a file so. libyaml skips it only where it is to guess the encoding.
        let bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        input = UnsafeMutableBufferPointer.allocate(capacity: bytes.count)
        _ = input.initialize(from: bytes)
        if yaml_parser_initialize(parser) == 0 { throw YAMLError("cannot read \(file): out of memory") }
        yaml_parser_set_input_string(parser, input.baseAddress, input.count)
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    }

    deinit {
        // Deleting is harmless where initializing failed: that leaves the parser all zeros.
        yaml_parser_delete(parser)
        parser.deallocate()
        input.deallocate()
    }

    /// The next event.
    func next() throws(YAMLError) -> YAMLEvent {
        var raw = yaml_event_t()
        if yaml_parser_parse(parser, &raw) == 0 { throw syntaxError() }
        defer { yaml_event_delete(&raw) }
        var event = YAMLEvent(kind: raw.type, line: Int(raw.start_mark.line) + 1)
        var tag = ""
        switch raw.type {
        case YAML_ALIAS_EVENT: event.anchor = Self.text(raw.data.alias.anchor)
        case YAML_SCALAR_EVENT:
            let scalar = raw.data.scalar
            event.anchor = Self.text(scalar.anchor)
            tag = Self.text(scalar.tag)
            let content = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            if content.contains(0) { throw error(event.line, "a text must not hold a NUL character") }
            event.text = String(decoding: content, as: UTF8.self)
            event.isPlain = scalar.style == YAML_PLAIN_SCALAR_STYLE && tag.isEmpty
        case YAML_SEQUENCE_START_EVENT:
            event.anchor = Self.text(raw.data.sequence_start.anchor)
            tag = Self.text(raw.data.sequence_start.tag)
        case YAML_MAPPING_START_EVENT:
            event.anchor = Self.text(raw.data.mapping_start.anchor)
            tag = Self.text(raw.data.mapping_start.tag)
        default: break
        }
        if !tag.isEmpty, tag != "!", !tag.hasPrefix("tag:yaml.org,2002:") {
            throw error(event.line, "the tag \(Printable.quoted(tag)) has no meaning here")
        }
        return event
    }

    private func syntaxError() -> YAMLError {
        let parser = parser.pointee
        if parser.error == YAML_MEMORY_ERROR { return YAMLError("cannot read \(file): out of memory") }
        let problem = parser.problem.map { String(cString: $0) } ?? "not YAML"
        if parser.error == YAML_READER_ERROR {
            let line = input.prefix(Int(parser.problem_offset)).count { $0 == 0x0A } + 1
            return error(line, problem)
        }
        let context = parser.context.map { String(cString: $0) + ": " } ?? ""
        return error(Int(parser.problem_mark.line) + 1, context + problem)
    }

    private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String {
        pointer.map { String(cString: $0) } ?? ""
    }

    /// An error about a line of the file.
    func error(_ line: Int, _ reason: String) -> YAMLError {
        YAMLError("cannot read \(file):\(line): \(reason)")
    }
}
