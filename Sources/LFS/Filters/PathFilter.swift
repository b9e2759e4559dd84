import Git
import SystemCalls

/// Which paths are fetched: `lfs.fetchinclude` and `lfs.fetchexclude`, or the options that take their place.
///
/// Patterns are those of `.gitignore`. Not to be used from two threads at once.
public final class PathFilter {
    private let included: IgnoreRules?
    private let excluded: IgnoreRules?

    /// Takes lists of patterns; no included pattern includes everything.
    public init(include: [String] = [], exclude: [String] = []) {
        included = include.isEmpty ? nil : IgnoreRules(patterns: include)
        excluded = exclude.isEmpty ? nil : IgnoreRules(patterns: exclude)
    }

    /// Takes the lists of a configuration that has `.lfsconfig` merged in.
    public convenience init(_ configuration: GitConfiguration) {
        self.init(
            include: Self.patterns(configuration.string("lfs.fetchinclude")),
            exclude: Self.patterns(configuration.string("lfs.fetchexclude")))
    }

    /// Splits a comma-separated list of patterns.
    public static func patterns(_ list: String?) -> [String] {
        (list ?? "").split(separator: ",").map { part in
            var text = part.drop(while: \.isWhitespace)
            while let last = text.last, last.isWhitespace { text = text.dropLast() }
            return String(text)
        }.filter { !$0.isEmpty }
    }

    /// Whether a path is wanted.
    public func allows(_ path: RelativePath) throws -> Bool {
        if let included, try !included.isIgnored(path, isDirectory: false) { return false }
        return try !(excluded?.isIgnored(path, isDirectory: false) ?? false)
    }
}
