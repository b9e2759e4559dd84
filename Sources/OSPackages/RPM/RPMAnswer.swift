import Hashing
import JSON
import SystemCalls
import SystemPackage

/// What a script answered; names and addresses in it come from repositories.
struct RPMAnswer {
    private let value: JSONValue

    init(_ value: JSONValue) {
        self.value = value
    }

    /// The resolution in it.
    func resolution() throws(PackageError) -> Resolution {
        var base: [Package] = []
        for one in value["base"]?.array ?? [] { base.append(try Self.package(one)) }
        var extras: [Package] = []
        for one in value["extras"]?.array ?? [] { extras.append(try Self.package(one)) }
        var indexes: Set<Resolution.SignedIndex> = []
        for one in value["indexes"]?.array ?? [] { indexes.insert(try Self.index(one)) }
        let result = Resolution(
            base: base.sorted { $0.fileName < $1.fileName }, extras: extras.sorted { $0.fileName < $1.fileName },
            indexes: indexes.sorted { ($0.url, $0.sha256.hexadecimal) < ($1.url, $1.sha256.hexadecimal) })
        var seen: Set<String> = []
        for package in result.all where !seen.insert(package.fileName).inserted {
            throw PackageError(
                .unresolved, "cannot resolve packages: two have the file name \(package.fileName)",
                hint: "give one repository a priority, or name its packages under allowPackages")
        }
        return result
    }

    private static func index(_ value: JSONValue) throws(PackageError) -> Resolution.SignedIndex {
        guard let url = value["url"]?.string, let digest = digest(value)
        else { throw unreadable("an index") }
        return Resolution.SignedIndex(
            url: url, sha256: digest, signers: (value["signers"]?.array ?? []).compactMap(\.string).sorted())
    }

    private static func package(_ value: JSONValue) throws(PackageError) -> Package {
        guard let name = value["name"]?.string, let version = value["version"]?.string,
            let architecture = value["arch"]?.string, let file = value["file"]?.string,
            let component = FilePath.Component(file), component.kind == .regular, component.string == file,
            let url = value["url"]?.string, let size = value["size"]?.integer, size > 0,
            let digest = digest(value)
        else { throw unreadable(value["file"]?.string ?? "a package") }
        return Package(
            name: name, version: version, architecture: architecture, fileName: file, url: url, size: size,
            sha256: digest, depends: (value["depends"]?.array ?? []).compactMap(\.string).sorted(),
            source: value["source"]?.string)
    }

    private static func digest(_ value: JSONValue) -> SHA256Digest? {
        value["sha256"]?.string.flatMap { SHA256Digest(hexadecimal: $0) }
    }

    private static func unreadable(_ what: String) -> PackageError {
        PackageError(
            .untrusted, "cannot use \(Printable.escaped(what)): its index does not describe it",
            hint: "tell the repository's owner, or use another mirror")
    }

    /// The error that a script answered; nil where it answered something else.
    static func refusal(_ value: JSONValue) -> PackageError? {
        guard let kind = value["kind"]?.string, let reason = value["reason"]?.string else { return nil }
        func shown(_ text: String) -> String { Printable.escaped(ShownURL.masked(text)) }
        let subject = shown(value["subject"]?.string ?? "")
        let because = shown(reason)
        switch kind {
        case "unresolved":
            return PackageError(
                .unresolved, "cannot resolve \(subject): \(because)",
                hint: "look at the spelling and at the template's packageRepositories")
        case "offline":
            return PackageError(
                .offline, "cannot use repository \(subject) offline: \(because)",
                hint: "build once with a network")
        case "network":
            return PackageError(
                .network, "cannot read repository \(subject): \(because)",
                hint: "look at its url and at the network; what is cached is used with --offline")
        case "file":
            return PackageError(
                .file, "cannot use repository \(subject): \(because)", hint: "correct pkey in the template")
        default:
            return PackageError(
                .untrusted, "cannot trust repository \(subject): \(because)",
                hint: "look at its key (pkey), use another mirror, or tell its owner")
        }
    }
}
