import Patterns

/// The options of one `--mount`, in the order in which they were read.
struct MountOptions {
    private(set) var type = "bind"
    private(set) var from = ""
    private(set) var source: Value?
    private(set) var target: Value = .known("")
    private var id: Value?
    private var environment: Value?
    private var sharing: Value?
    private var isReadOnly: Bool?
    private var isRequired = false
    private var numbers: [String: Value] = [:]

    /// Reads one option.
    mutating func set(_ name: String, _ value: Value?, _ field: String) throws(DockerfileError) {
        guard let value else {
            switch name {
            case "readonly", "ro": isReadOnly = true
            case "readwrite", "rw": isReadOnly = false
            case "required": try require(true, name)
            default: throw DockerfileError("invalid field '\(field)' must be a key=value pair")
            }
            return
        }
        switch name {
        case "type":
            type = GoText.lowercased(try known(value, name))
            try check(type, in: Self.types, "unsupported mount type \(Quoted.string(type))")
        case "from": from = value.text.text
        case "source", "src": source = value
        case "target", "dst", "destination": target = value
        case "readonly", "ro": isReadOnly = try truth(value, name)
        case "readwrite", "rw": isReadOnly = !(try truth(value, name))
        case "required": try require(try truth(value, name), name)
        case "id": id = value
        case "sharing":
            let word = GoText.lowercased(try known(value, name))
            try check(word, in: Self.sharings, "unsupported sharing value \(Quoted.string(word))")
            sharing = .known(value.text.derived(word))
        case "env":
            guard type == "secret" else { throw unexpected(name) }
            environment = value
        case "size":
            guard type == "tmpfs" else { throw unexpected(name) }
            guard let bytes = CommaSeparated.size(try known(value, name)) else {
                throw DockerfileError("invalid value for \(name): \(value.shown)")
            }
            numbers[name] = .known(value.text.derived(String(bytes)))
        case "mode", "uid", "gid":
            let radix = name == "mode" ? 8 : 10
            let text = try known(value, name)
            guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt32(text, radix: radix) else {
                throw DockerfileError("invalid value \(text) for \(name)")
            }
            numbers[name] = .known(value.text.derived(String(number, radix: radix)))
        default:
            try check(name, in: Self.keys, "unexpected key '\(name)' in '\(field)'")
        }
    }

    private static let types = ["bind", "cache", "tmpfs", "secret", "ssh"]
    private static let sharings = ["shared", "private", "locked"]
    private static let keys = [
        "type", "from", "source", "src", "target", "dst", "destination", "readonly", "ro", "readwrite", "rw",
        "required", "id", "sharing", "env", "size", "mode", "uid", "gid",
    ]

    /// Refuses a word that this version does not know.
    private func check(_ word: String, in known: [String], _ reason: String) throws(DockerfileError) {
        if known.contains(word) { return }
        throw DockerfileError.unknown(reason, word, among: known, isPlausible: Misspelling.isFlag(word))
    }

    /// Refuses options that do not go together.
    func check() throws(DockerfileError) {
        if type == "bind" || type == "tmpfs" {
            for name in ["mode", "uid", "gid"] where numbers[name] != nil {
                throw DockerfileError("\(name) not allowed for \(Quoted.string(type)) type mounts")
            }
        }
        if type == "secret" {
            if !from.isEmpty { throw DockerfileError("secret mount should not have a from") }
            if sharing != nil { throw DockerfileError("secret mount should not define sharing") }
            if isEmpty(source), isEmpty(target), isEmpty(id) {
                throw DockerfileError("invalid secret mount. one of source, target required")
            }
            if !isEmpty(source), !isEmpty(id) { throw DockerfileError("both source and id can't be set") }
        }
        if type == "ssh", !isEmpty(source) { throw DockerfileError("ssh does not support source") }
        if sharing != nil, type != "cache" {
            throw DockerfileError("invalid cache sharing set for \(type) mount")
        }
    }

    /// The options that decide the image, by name.
    var shown: [String: Value] {
        var result: [String: Value] = ["type": .known(Expanded(type))]
        switch type {
        case "bind":
            if isReadOnly == false { result["rw"] = .known("true") }
            if !from.isEmpty { result["from"] = .known(Expanded(from)) }
        case "cache":
            if isReadOnly == true { result["readonly"] = .known("true") }
            if !from.isEmpty { result["from"] = .known(Expanded(from)) }
            result.merge(numbers) { first, _ in first }
        case "tmpfs": result["size"] = numbers["size"]
        default:
            if !isEmpty(target) { result["target"] = target }
            result["id"] = identifier
            result["env"] = environment
            if isRequired { result["required"] = .known("true") }
            result.merge(numbers) { first, _ in first }
        }
        return result
    }

    /// The identity of a secret or an agent: named, else the last part of the target.
    private var identifier: Value? {
        if let source, type == "secret", !isEmpty(source) { return source }
        if let id, !isEmpty(id) { return id }
        guard type == "secret", case .known(let path) = target else { return nil }
        return .known(path.map { String(PathCleaning.clean($0).split(separator: "/").last ?? "/") })
    }

    private func isEmpty(_ value: Value?) -> Bool { value == nil || value?.string == "" }

    private func unexpected(_ name: String) -> DockerfileError {
        DockerfileError("unexpected key '\(name)' for mount type '\(type)'")
    }

    private mutating func require(_ isRequired: Bool, _ name: String) throws(DockerfileError) {
        guard type == "secret" || type == "ssh" else { throw unexpected(name) }
        self.isRequired = isRequired
    }

    private func known(_ value: Value, _ name: String) throws(DockerfileError) -> String {
        guard let text = value.string else {
            throw DockerfileError("the mount option '\(name)' needs values of a base image that is not in the lock")
        }
        return text
    }

    private func truth(_ value: Value, _ name: String) throws(DockerfileError) -> Bool {
        let text = try known(value, name)
        guard let truth = CommaSeparated.bool(text) else {
            throw DockerfileError("invalid value for \(name): \(text)")
        }
        return truth
    }
}
