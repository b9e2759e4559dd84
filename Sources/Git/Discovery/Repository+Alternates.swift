import SystemCalls
import SystemPackage

extension Repository {
    /// The object folders that the repository borrows from: GIT_ALTERNATE_OBJECT_DIRECTORIES, then
    /// `objects/info/alternates` and those of the borrowed folders.
    public func alternateObjectDirectories() throws -> [FilePath] {
        var found = GitEnvironment.folders(environment["GIT_ALTERNATE_OBJECT_DIRECTORIES"] ?? "")
        try addAlternates(of: objectsDirectory, to: &found, depth: 0)
        for folder in found { try addAlternates(of: folder, to: &found, depth: 1) }
        return found
    }

    /// Git follows borrowed folders five deep.
    private func addAlternates(of folder: FilePath, to found: inout [FilePath], depth: Int) throws {
        guard depth <= 5, let bytes = try Files.read(folder.appending("info").appending("alternates")) else { return }
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            guard line.first != UInt8(ascii: "#") else { continue }
            let quoted = line.first == UInt8(ascii: "\"") ? QuotedPath.parse(line)?.text : nil
            let given = FilePath(bytes: quoted ?? Array(line))
            let path = given.isAbsolute ? given : folder.pushing(given).lexicallyNormalized()
            guard !found.contains(path) else { continue }
            found.append(path)
            try addAlternates(of: path, to: &found, depth: depth + 1)
        }
    }
}
