import SystemCalls
import SystemPackage

/// A template with what it extends, read and laid over each other.
struct TemplateLayers {
    /// The most templates that extend each other.
    static let maximumDepth = 8

    /// The merged value, without the defaults.
    let merged: TemplateValue
    /// The template's own file, with every link resolved.
    let path: FilePath

    init(_ path: FilePath) throws(TemplateError) {
        var layers: [TemplateValue] = []
        var seen: [FilePath] = []
        var next: (path: FilePath, name: String)? = (path, path.string)
        var reference: TemplateValue?
        while let current = next {
            let read: (root: TemplateValue?, real: FilePath)
            do throws(TemplateError) {
                read = try TemplateFile.read(current.path, named: current.name)
            } catch {
                guard let reference, let first = error.mistakes.first, first.line == 0 else { throw error }
                throw Self.error(
                    reference, "extends \(reference.kind): \(first.message)", "name a template that exists")
            }
            if let reference, seen.contains(read.real) {
                throw Self.error(
                    reference, "extends \(reference.kind) leads back to itself", "remove extends from one of them")
            }
            seen.append(read.real)
            if let reference, seen.count > Self.maximumDepth {
                throw Self.error(
                    reference, "more than \(Self.maximumDepth) templates extend each other", "put some of them together"
                )
            }
            guard let root = read.root else {
                throw TemplateError(
                    .init(
                        file: current.name, line: 0, "it is empty",
                        hint: "write image: {name, version} and target: {os, dist, arch, imageType}"))
            }
            guard case .map = root.content else {
                throw Self.error(
                    root, "a template is a map, not \(root.kind)", "write image: and target: as its first keys")
            }
            layers.append(root)
            reference = root["extends"]
            next = try reference.flatMap { value throws(TemplateError) in try Self.target(of: value) }
        }
        self.path = seen[0]
        var result = layers[layers.count - 1]
        for layer in layers.dropLast().reversed() { result = TemplateMerge.merge(layer, over: result) }
        merged = result
    }

    /// The file that `extends` names.
    private static func target(of value: TemplateValue) throws(TemplateError) -> (path: FilePath, name: String)? {
        if value.isNothing { return nil }
        guard let text = value.text, !text.isEmpty else {
            throw error(
                value, "extends has to be the path of a template, not \(value.kind)", "write extends: other.yml")
        }
        let folder = FilePath(value.place.file.name).removingLastComponent()
        return (value.place.file.folder.pushing(FilePath(text)), folder.pushing(FilePath(text)).string)
    }

    private static func error(_ value: TemplateValue, _ message: String, _ hint: String) -> TemplateError {
        TemplateError(.init(file: value.place.file.name, line: value.place.line, message, hint: hint))
    }
}
