import CLazy
import Glibc

/// A system library that the programs load when they first need it.
public enum SharedLibrary: String, CaseIterable, Sendable {
    /// Git's objects, references and index.
    case git2 = "libgit2"
    /// Tar archives and their compression.
    case archive = "libarchive"
    /// Digests.
    case crypto = "libcrypto"
    /// `cache-image.yml`.
    case yaml = "libyaml"
    /// Servers.
    case curl = "libcurl"

    /// The Debian package that has it.
    public var package: String {
        switch self {
        case .git2: "libgit2-" + String(cString: clazy_git2_version())
        case .archive: "libarchive13"
        case .crypto: "libssl3"
        case .yaml: "libyaml-0-2"
        case .curl: "libcurl4"
        }
    }

    /// Loads the library where it is not loaded; a library that cannot be had is an error with the package's name.
    ///
    /// Every module does this before the first call of its library. `curl` is loaded by the module that uses it.
    public func load() throws(MissingLibrary) {
        let problem: UnsafePointer<CChar>? =
            switch self {
            case .git2: clazy_load_git2()
            case .archive: clazy_load_archive()
            case .crypto: clazy_load_crypto()
            case .yaml: clazy_load_yaml()
            case .curl: nil
            }
        if let problem { throw MissingLibrary(self, reason: String(cString: problem)) }
    }
}

/// A system library that this machine lacks, or has in no version that will do.
public struct MissingLibrary: Error, Hashable, Sendable, CustomStringConvertible {
    /// The library.
    public let library: SharedLibrary
    /// The loader's text, which names the file.
    public let reason: String

    /// Records what the loader says.
    public init(_ library: SharedLibrary, reason: String) {
        self.library = library
        self.reason = reason
    }

    /// `cannot load LIBRARY: REASON`.
    public var description: String { "cannot load \(library.rawValue): \(reason)" }

    /// The command that brings it on Debian and its like; nil where the library is there and this process lacks the means.
    public var hint: String? {
        let isStarved = [EMFILE, ENFILE, ENOMEM].contains { reason.hasSuffix(String(cString: strerror($0))) }
        if isStarved { return nil }
        let command = "apt-get install -y \(library.package)"
        // Its package has the version in its name, and a newer distribution has a newer one.
        return library == .git2 ? "\(command) (any of libgit2-1.5 to libgit2-1.9 will do)" : command
    }
}
