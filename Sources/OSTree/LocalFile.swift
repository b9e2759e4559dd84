import SystemCalls
import SystemPackage

/// A file of this machine that a template copies into the tree.
struct LocalFile: Sendable {
    enum Kind: Hashable, Sendable {
        case folder
        case link(String)
        case file(isExecutable: Bool)
    }

    /// Where it is.
    let path: FilePath
    /// Its name below the path that the template names; empty for that itself.
    let name: String
    /// What it is.
    let kind: Kind

    /// How many folders may lie in each other.
    private static let deepest = 100

    /// Gives what a path names and all below it, folders before their content, sorted by name.
    ///
    /// - Throws: `TreeError` where something is neither a file nor a folder nor a link, `SystemError`.
    static func each(below path: FilePath, _ body: (LocalFile) throws -> Void) throws {
        // The path itself is the user's own, and may be a link.
        try each(Files.realPath(path), name: "", depth: 0, body)
    }

    private static func each(
        _ path: FilePath, name: String, depth: Int, _ body: (LocalFile) throws -> Void
    ) throws {
        guard let status = try FileStatus.of(path) else {
            throw SystemError("read", path.string, .noSuchFileOrDirectory)
        }
        switch status.kind {
        case .directory where depth < deepest:
            try body(LocalFile(path: path, name: name, kind: .folder))
            for part in try Files.names(in: path) {
                let inner = name.isEmpty ? part.string : name + "/" + part.string
                try each(path.appending(part), name: inner, depth: depth + 1, body)
            }
        case .symbolicLink:
            let target = String(decoding: try Files.linkText(path), as: UTF8.self)
            try body(LocalFile(path: path, name: name, kind: .link(target)))
        case .file:
            try body(LocalFile(path: path, name: name, kind: .file(isExecutable: status.isExecutable)))
        case let kind:
            throw TreeError(
                .configuration, "cannot copy \(Printable.escaped(path.string)): \(kind.complaint)",
                hint: "name regular files and folders of them")
        }
    }
}
