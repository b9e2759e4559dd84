import OSPackages
import SystemCalls
import SystemPackage

extension RPMTree {
    /// What rpm and dnf leave behind that tells of this run; folders are emptied, not removed.
    private static let leftovers = ["var/cache/dnf", "var/cache/yum", "var/cache/libdnf5", "var/lib/dnf"]
    /// Where package databases are.
    private static let databases = ["usr/lib/sysimage/rpm", "var/lib/rpm"]

    /// Removes what differs from run to run in a tree that rpm made: locks, journals of the database, dnf's caches.
    ///
    /// No link that a package put there is followed.
    public static func normalise(root: FilePath) throws {
        for folder in leftovers {
            guard let place = try plain(folder, in: root) else { continue }
            for name in try Files.names(in: place) { try Files.removeTree(place.appending(name)) }
        }
        for folder in databases {
            guard let place = try plain(folder, in: root) else { continue }
            for name in try Files.names(in: place) where isPassing(name.string) {
                try Files.removeTree(place.appending(name))
            }
        }
    }

    private static func isPassing(_ name: String) -> Bool {
        name == ".rpm.lock" || name.hasPrefix("__db.") || name.hasSuffix(".sqlite-wal") || name.hasSuffix(".sqlite-shm")
    }

    /// A folder of the tree; nil where it is not there or a part of its path is a link.
    private static func plain(_ folder: String, in root: FilePath) throws -> FilePath? {
        var place = root
        for part in folder.split(separator: "/") {
            place.append(String(part))
            guard try FileStatus.of(place)?.kind == .directory else { return nil }
        }
        return place
    }
}
