import SystemCalls
import SystemPackage

/// A secret that steps of a build may mount (`RUN --mount=type=secret`); it never counts, and is in no image.
public struct BuildSecret: Hashable, Sendable {
    /// Where its content is.
    public enum Source: Hashable, Sendable {
        /// In a variable of the caller's environment.
        case variable(String)
        /// In a file, named by its absolute path.
        case file(FilePath)
    }

    /// The name by which steps ask for it.
    public var id: String
    /// Where its content is.
    public var source: Source
    /// Where it is declared, for messages.
    public var origin: Origin
}

extension BuildSecret {
    private static let keys = ["id", "env", "file"]

    /// The form of an element of `secrets`.
    static let form = KeyForm.either([
        .record([id, ("env", .pattern("^[A-Za-z0-9_]+$"))]), .record([id, ("file", .word)]),
    ])

    private static let id = (name: "id", form: KeyForm.pattern("^[A-Za-z0-9_.-]+$"))

    /// Reads `secrets`.
    static func all(_ field: Field, base: FilePath) throws(ConfigurationError) -> [BuildSecret] {
        var secrets: [BuildSecret] = []
        for element in try field.elements() { secrets.append(try BuildSecret(element, base: base)) }
        return secrets
    }

    /// Reads an element of `secrets`.
    private init(_ field: Field, base: FilePath) throws(ConfigurationError) {
        let fields = try field.fields(Self.keys)
        guard let id = fields["id"] else { throw field.error("it has no id") }
        self.id = try Self.word(id, also: "-.")
        origin = field.origin
        switch (fields["env"], fields["file"]) {
        case (let variable?, nil):
            let name = try Self.word(variable)
            source = .variable(name)
        case (nil, let file?): source = .file(base.pushing(FilePath(try file.word())).lexicallyNormalized())
        default: throw field.error("expected one of env and file")
        }
    }

    /// A name, of which the engine's option holds every character as it stands.
    private static func word(_ field: Field, also extra: String = "") throws(ConfigurationError) -> String {
        let text = try field.word()
        let isName = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                true
            default: extra.utf8.contains(byte)
            }
        }
        if !isName { throw field.error("\(Printable.quoted(text)) cannot be a name") }
        return text
    }

    /// `id=ID,env=NAME` or `id=ID,file=PATH`, for `config show`.
    var written: String {
        switch source {
        case .variable(let name): "id=\(id),env=\(name)"
        case .file(let path): "id=\(id),file=\(path)"
        }
    }
}
