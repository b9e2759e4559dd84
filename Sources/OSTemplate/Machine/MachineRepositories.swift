import SystemCalls
import SystemPackage

/// The repositories that this machine's own apt uses.
public struct MachineRepositories: Sendable {
    /// A suite of a repository, as one of apt's source files names it.
    public struct Source: Hashable, Sendable {
        /// `http`, `https` or `file`, without the suite.
        public var url: String
        /// Such as `bookworm-security`.
        public var suite: String
        /// Such as `main`, in the order written.
        public var components: [String]
        /// The architectures that it is for; empty for all.
        public var architectures: [String] = []
        /// The keyring that apt was told to check it with.
        public var keyring: FilePath?
        /// Whether apt was told to check nothing.
        public var isTrusted = false
    }

    /// The sources in the order of the files, those of `sources.list` first.
    public let sources: [Source]
    private let root: FilePath

    /// Reads `/etc/apt/sources.list` and the `*.list` and `*.sources` beside it, of the machine whose `/` is a folder.
    ///
    /// Files that cannot be read or understood count as empty: apt says what is wrong with them.
    public static func read(root: FilePath) -> MachineRepositories {
        let folder = root.appending("etc/apt")
        var sources = SourceLines.sources(text(folder.appending("sources.list")))
        let names = (try? Files.names(in: folder.appending("sources.list.d"))) ?? []
        for name in names.map(\.string).sorted() {
            let text = { self.text(folder.appending("sources.list.d").appending(name)) }
            if name.hasSuffix(".list") { sources += SourceLines.sources(text()) }
            if name.hasSuffix(".sources") { sources += SourceStanzas.sources(text()) }
        }
        return MachineRepositories(sources: sources, root: root)
    }

    private static func text(_ path: FilePath) -> String {
        guard let descriptor = try? Files.openRegular(path) else { return "" }
        defer { try? descriptor.close() }
        let bytes = try? Files.readAll(descriptor, named: path.string, limit: InputLimit.writtenText)
        return String(decoding: bytes ?? [], as: UTF8.self)
    }

    /// The repositories of a provider: its suite with `-updates` and `-security`.
    ///
    /// Where the machine has another suite of the same system, its addresses are taken with the provider's suite.
    /// Where the system's own keyring signs one of them, those that others sign are left out.
    ///
    /// - Parameter keyring: The file in `/usr/share/keyrings` that tells whether a source is the system's, and that is
    ///   trusted where a source names no keyring.
    public func repositories(for provider: Provider, keyring: String) -> [PackageRepository] {
        if provider.family != .deb { return [] }
        let known = Set(Distribution.named(provider.os)?.dists.values.map { $0 } ?? []).union([provider.dist])
        let own = sources.filter { source in
            (source.architectures.isEmpty || source.architectures.contains(provider.arch))
                && known.contains(Self.base(of: source.suite))
        }
        var wanted = own.filter { Self.base(of: $0.suite) == provider.dist }
        if !wanted.contains(where: { $0.suite == provider.dist }) {
            let lender = own.first { known.contains($0.suite) }?.suite
            wanted = own.filter { Self.base(of: $0.suite) == lender }.map { source in
                var source = source
                source.suite = provider.dist + source.suite.dropFirst(Self.base(of: source.suite).count)
                return source
            }
        }
        // Another vendor's packages for the suite are this machine's affair, not the image's.
        let vendor = keyring.prefix { $0 != "." }.split(separator: "-").prefix(2).joined(separator: "-")
        let isOfVendor = { (source: Source) in
            !source.isTrusted && source.keyring.map { $0.lastComponent?.string.hasPrefix(vendor) == true } ?? true
        }
        if wanted.contains(where: { $0.suite == provider.dist && isOfVendor($0) }) {
            wanted = wanted.filter(isOfVendor)
        }
        var result: [PackageRepository] = []
        for source in wanted {
            guard let trust = trust(in: source, keyring) else { continue }
            let url = source.url.hasSuffix("/") ? String(source.url.dropLast()) : source.url
            let same = result.firstIndex { $0.url == url && $0.codename == source.suite && $0.trust == trust }
            if let same {
                result[same].components += source.components.filter { !result[same].components.contains($0) }
            } else {
                result.append(
                    PackageRepository(codename: source.suite, url: url, trust: trust, components: source.components))
            }
        }
        return result
    }

    /// A suite without `-updates`, `-security` and `/updates`; other suites, such as backports, stand for themselves.
    private static func base(of suite: String) -> String {
        for ending in ["-updates", "-security", "/updates"] where suite.hasSuffix(ending) {
            return String(suite.dropLast(ending.count))
        }
        return suite
    }

    private func trust(in source: Source, _ keyring: String) -> PackageRepository.Trust? {
        if source.isTrusted { return .unchecked }
        let path =
            source.keyring.map { root.appending($0.components.map(\.string).joined(separator: "/")) }
            ?? root.appending("usr/share/keyrings").appending(keyring)
        return Files.exists(path) ? .keyring(path) : nil
    }
}
