import OSPackages
import OSTemplate
import SystemCalls
import SystemPackage

extension LockFile {
    /// The packages at addresses of these repositories: a lock file that came with a clone names no server of its own.
    ///
    /// A package of a suite that another mirror served is looked for at the mirror that the template, or this machine, has
    /// for that suite.
    ///
    /// - Throws: Where a package belongs to none of the repositories.
    func bound(to repositories: [PackageRepository], named path: FilePath) throws(ComposerError) -> Resolution {
        let bases = repositories.map { Self.base($0.url) }
        var moves: [(from: String, to: String)] = []
        for index in resolution.indexes {
            guard let end = index.url.firstRange(of: "/dists/") else { continue }
            let suite = index.url[end.upperBound...].split(separator: "/").dropLast().joined(separator: "/")
            guard let place = repositories.firstIndex(where: { $0.codename == suite }) else { continue }
            moves.append((Self.base(String(index.url[..<end.lowerBound])), bases[place]))
        }
        func bound(_ packages: [Package]) throws(ComposerError) -> [Package] {
            var result = packages
            for position in result.indices {
                let url = Self.plain(result[position].url)
                let isPlain = !url.split(separator: "/").contains("..")
                if isPlain, bases.contains(where: { url.hasPrefix($0) }) { continue }
                guard isPlain, let move = moves.first(where: { url.hasPrefix($0.from) }) else {
                    throw ComposerError(
                        .corrupt,
                        "cannot use \(path.string): \(result[position].name) comes from "
                            + "\(Printable.quoted(Printable.escaped(ShownURL.masked(url)))), which no repository of the template has",
                        hint: "name the repository in packageRepositories, or resolve anew with --refresh")
                }
                result[position].url = move.to + url.dropFirst(move.from.count)
            }
            return result
        }
        return Resolution(
            base: try bound(resolution.base), extras: try bound(resolution.extras), indexes: resolution.indexes)
    }

    /// An address that ends in a slash.
    private static func base(_ url: String) -> String {
        let plain = plain(url)
        return plain.hasSuffix("/") ? plain : plain + "/"
    }

    /// `file:/x` for `file:///x`.
    private static func plain(_ url: String) -> String {
        url.hasPrefix("file:///") ? "file:/" + url.dropFirst("file:///".count) : url
    }
}
