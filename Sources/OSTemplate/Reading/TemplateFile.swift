import SystemCalls
import SystemPackage
import YAML

/// A file that was read for a template, and where relative paths in it begin.
final class TemplateFile: Sendable {
    /// The file as messages name it.
    let name: String
    /// The folder of the file, with every link resolved.
    let folder: FilePath

    init(name: String, folder: FilePath) {
        self.name = name
        self.folder = folder
    }

    /// Reads a YAML file; its root is nil where it is empty.
    static func read(_ path: FilePath, named name: String) throws(TemplateError) -> (
        root: TemplateValue?, real: FilePath
    ) {
        let bytes: [UInt8]
        let real: FilePath
        do throws(SystemError) {
            real = try Files.realPath(path)
            let descriptor = try Files.openRegular(real)
            defer { try? descriptor.close() }
            bytes = try Files.readAll(descriptor, named: name, limit: YAMLDocument.maximumBytes)
        } catch {
            throw TemplateError(
                .init(
                    file: name, line: 0, Printable.escaped(error.reason), hint: "name a file that can be read",
                    verb: "read"))
        }
        let file = TemplateFile(name: name, folder: real.removingLastComponent())
        return (try file.parse(bytes), real)
    }

    /// The root of a text that counts as this file's.
    func parse(_ bytes: [UInt8]) throws(TemplateError) -> TemplateValue? {
        do throws(YAMLError) {
            guard let node = try YAMLDocument.parse(bytes, file: Printable.escaped(name)), !node.isNull else {
                return nil
            }
            return TemplateValue(node, in: self)
        } catch {
            throw TemplateError(mistake(error))
        }
    }

    /// libyaml's `cannot read FILE:LINE: REASON` in its parts.
    private func mistake(_ error: YAMLError) -> TemplateError.Mistake {
        let start = "cannot read \(Printable.escaped(name))"
        guard error.description.hasPrefix(start) else {
            return .init(file: name, line: 0, Printable.escaped(error.description), hint: error.hint, verb: "read")
        }
        var rest = error.description.dropFirst(start.count)
        var line = 0
        if rest.first == ":" {
            let digits = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
            line = Int(digits) ?? 0
            if line > 0 { rest = rest.dropFirst(1 + digits.count) }
        }
        if rest.hasPrefix(": ") { rest = rest.dropFirst(2) }
        return .init(
            file: name, line: line, Printable.escaped(String(rest)),
            hint: error.hint ?? "correct the YAML of this file",
            verb: "read")
    }
}
