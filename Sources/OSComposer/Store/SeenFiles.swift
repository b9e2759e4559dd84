import SystemCalls
import SystemPackage

/// What files of a folder looked like when they were known to be right: those that look so still were not written to.
///
/// It is a file of the folder, `.seen`, one line a file: its name, size, inode and times.
struct SeenFiles {
    private static let name: FilePath.Component = ".seen"
    private var stamps: [String: String] = [:]

    /// Knows nothing.
    init() {}

    /// Reads what is noted in a folder; nothing where nothing is.
    init(in folder: FilePath) {
        guard let bytes = (try? Files.readPlain(folder.appending(Self.name), limit: 1 << 20)) ?? nil else { return }
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1)
            if parts.count == 2 { stamps[String(parts[0])] = String(parts[1]) }
        }
    }

    /// Whether a file looks as it was noted.
    func has(_ name: String, _ status: FileStatus) -> Bool {
        status.kind == .file && stamps[name] == Self.stamp(status)
    }

    /// Notes how files of a folder look.
    static func note(_ names: [String], in folder: FilePath) {
        let lines = names.compactMap { name in
            ((try? FileStatus.of(folder.appending(name))) ?? nil).map { "\(name) \(stamp($0))\n" }
        }
        try? Files.replace(folder.appending(Self.name), with: Array(lines.joined().utf8))
    }

    private static func stamp(_ status: FileStatus) -> String {
        "\(status.size) \(status.inode) \(status.modified.seconds).\(status.modified.nanoseconds)"
            + " \(status.changed.seconds).\(status.changed.nanoseconds)"
    }
}
