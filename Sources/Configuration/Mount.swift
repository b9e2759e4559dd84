import SystemCalls
import SystemPackage

/// A folder, file or volume that a test's container sees.
public struct Mount: Hashable, Sendable {
    /// What is mounted.
    public enum Source: Hashable, Sendable {
        /// A file or folder of the host, absolute.
        case path(FilePath)
        /// A volume of the engine.
        case volume(String)
    }

    /// What is mounted.
    public let source: Source
    /// Where in the container.
    public let target: String
    /// The engine's words, such as `ro`.
    public let options: [String]
    /// The mount as it was written.
    public let written: String

    /// Reads a list of mounts.
    static func all(_ field: Field, root: FilePath) throws(ConfigurationError) -> [Mount] {
        let elements = try field.elements()
        if elements.count > InputLimit.mounts { throw field.error("more than \(InputLimit.mounts) mounts") }
        var mounts: [Mount] = []
        for element in elements { mounts.append(try Mount(element, root: root)) }
        return mounts
    }

    /// Fails where the source is a path at which nothing is: docker would make a folder there, owned by root.
    func checkSource(_ field: Field) throws(ConfigurationError) {
        guard case .path(let path) = source, let reason = Self.absence(of: path) else { return }
        throw ConfigurationError("cannot mount \(written.prefix { $0 != ":" }) (\(field.origin)): \(reason)")
    }

    /// Why there is nothing at a path, links followed; nil where there is something.
    static func absence(of path: FilePath) -> String? {
        do {
            return try FileStatus.of(path, followLinks: true) == nil ? "no such file or folder" : nil
        } catch {
            return error.errno.description
        }
    }

    /// Reads `SOURCE:TARGET[:OPTIONS]`; a source that begins with `.` or `/` is a path, any other the name of a volume.
    init(_ field: Field, root: FilePath) throws(ConfigurationError) {
        written = try field.word()
        let parts = written.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard (2...3).contains(parts.count), !parts[0].isEmpty, parts[1].hasPrefix("/") else {
            throw field.error("expected SOURCE:TARGET or SOURCE:TARGET:OPTIONS, found \(Printable.quoted(written))")
        }
        let isPath = parts[0].hasPrefix(".") || parts[0].hasPrefix("/")
        if !isPath, parts[0].contains("/") {
            throw field.error("a path must begin with ./ or /, found \(Printable.quoted(parts[0]))")
        }
        source = isPath ? .path(root.pushing(FilePath(parts[0])).lexicallyNormalized()) : .volume(parts[0])
        target = parts[1]
        options = parts.count > 2 ? parts[2].split(separator: ",").map(String.init) : []
    }
}
