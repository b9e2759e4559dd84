import CArchive

/// A member of a tar archive that somebody else wrote: its name is checked, nothing else is believed.
struct TarEntry {
    enum Kind: Equatable {
        case file
        case directory
        /// The path that a symbolic or hard link leads to, relative to the archive's root.
        case link(String)
    }

    let name: String
    let kind: Kind
    let size: Int64
    /// Where the content begins in a plain archive.
    let offset: Int64
    /// Whether the content stands in the archive with holes left out.
    let isSparse: Bool

    init(_ entry: OpaquePointer, offset: Int64, archive: String) throws {
        guard let text = archive_entry_pathname(entry) ?? archive_entry_pathname_utf8(entry) else {
            throw ArchiveError.corrupt(archive, "the name of a member cannot be read")
        }
        let raw = String(cString: text)
        guard let name = Self.path(raw, below: "") else {
            throw ArchiveError.corrupt(archive, "its member \(raw.prefix(200)) leads out of it")
        }
        self.name = name
        self.offset = offset
        size = archive_entry_size(entry)
        isSparse = archive_entry_sparse_count(entry) > 0
        if let text = archive_entry_hardlink(entry) {
            kind = .link(try Self.target(String(cString: text), below: "", name, archive))
            return
        }
        switch Int32(archive_entry_filetype(entry)) {
        case 0o100000: kind = .file
        case 0o040000: kind = .directory
        case 0o120000:
            let text = archive_entry_symlink(entry).map { String(cString: $0) } ?? ""
            let folder = name.split(separator: "/").dropLast().joined(separator: "/")
            kind = .link(try Self.target(text, below: folder, name, archive))
        default:
            throw ArchiveError.corrupt(archive, "its member \(name) is neither file, folder nor link")
        }
        if size < 0 { throw ArchiveError.corrupt(archive, "its member \(name) has a negative size") }
    }

    private static func target(
        _ link: String, below folder: String, _ name: String, _ archive: String
    ) throws -> String {
        guard let target = path(link, below: folder, isLink: true), !target.isEmpty else {
            throw ArchiveError.corrupt(archive, "its member \(name) is a link that leads out of it")
        }
        return target
    }

    /// The path without `.` and empty parts; `..` is for links only; nil where it leads out of the archive.
    static func path(_ text: String, below folder: String, isLink: Bool = false) -> String? {
        if text.hasPrefix("/") || text.utf8.count > 4096 || text.isEmpty { return nil }
        var parts = folder.split(separator: "/")
        for part in text.split(separator: "/") where part != "." {
            if part != ".." {
                parts.append(part)
            } else if !isLink || parts.popLast() == nil {
                return nil
            }
        }
        return parts.joined(separator: "/")
    }
}
