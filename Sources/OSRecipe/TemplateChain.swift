import Context
import Git
import Hashing
import OCI
import Records
import SystemCalls
import SystemPackage

/// A template, those that it is merged over, and every file that they name.
struct TemplateChain: Sendable {
    /// The most templates, each merged over the next.
    static let limit = 8

    /// The templates, the one that was asked for first.
    private(set) var templates: [TemplateText] = []
    /// The files below the root that they name, the templates included.
    private(set) var names: [NamedFiles.Name] = []
    /// Files of this machine outside of the root, by their absolute paths, and where each is named.
    private(set) var outside: [FilePath: String] = [:]

    private let root: FilePath

    /// Follows a template.
    ///
    /// - Parameters:
    ///   - first: The template's path below the root.
    ///   - root: The folder that no relative path may leave.
    ///   - read: Gives a template's bytes.
    init(
        _ first: RelativePath, root: FilePath, read: (RelativePath, _ place: String) throws(InputsError) -> [UInt8]
    ) throws(InputsError) {
        self.root = root
        var next: NamedFiles.Name? = NamedFiles.Name(first, place: "cache-image.yml")
        while let name = next {
            if templates.contains(where: { $0.path == name.path }) {
                throw InputsError(
                    .recipe, "cannot read \(name.place): extends: the templates lead back to \(name.path)")
            }
            if templates.count == Self.limit {
                throw InputsError(
                    .recipe,
                    "cannot read \(name.place): extends: more than \(Self.limit) templates, each over the next")
            }
            let text = try TemplateText(try read(name.path, name.place), path: name.path)
            templates.append(text)
            names.append(name)
            for word in text.localFiles { try add(word, of: text) }
            next = nil
            if let word = text.extends {
                next = try inside(word, of: text)
                if next == nil { throw Self.absolute(word, "\(text.path):\(word.line)") }
            }
        }
    }

    private static func absolute(_ word: TemplateText.Word, _ place: String) -> InputsError {
        InputsError(
            .recipe, "cannot use \(word.text) (\(place)): an absolute path is another one in each clone",
            hint: "write it as seen from the template's folder")
    }

    /// The platform of the image: the nearest `target.arch`; nil where no template says one.
    var platform: Platform? {
        templates.lazy.compactMap(\.architecture).first.flatMap { try? Platform("linux/\($0)") }
    }

    private mutating func add(_ word: TemplateText.Word, of text: TemplateText) throws(InputsError) {
        let place = "\(text.path):\(word.line)"
        if let name = try inside(word, of: text) {
            if !names.contains(where: { $0.path == name.path }) { names.append(name) }
            return
        }
        let path = FilePath(word.text).lexicallyNormalized()
        if path.starts(with: root) { throw Self.absolute(word, place) }
        outside[path] = outside[path] ?? place
    }

    /// A relative path as one below the root; nil for an absolute one.
    private func inside(_ word: TemplateText.Word, of text: TemplateText) throws(InputsError) -> NamedFiles.Name? {
        let written = FilePath(word.text)
        if written.isAbsolute { return nil }
        let folder = text.path.parent.map { root.appending($0) } ?? root
        let path = folder.pushing(written).lexicallyNormalized()
        let place = "\(text.path):\(word.line)"
        guard let below = path.relative(to: root), !below.bytes.isEmpty else {
            throw InputsError(.recipe, "cannot use \(word.text) (\(place)): it lies outside of the work tree")
        }
        return NamedFiles.Name(below, place: place)
    }
}
