import JSON
import SystemCalls
import SystemPackage

/// What reasons need of the lock file beside a template: the packages.
enum PackageLock {
    /// The longest lock file that is looked into.
    static let limit = 16 << 20

    /// The lock's place: `os/edge.yml` has `os/edge.lock.json`.
    static func path(for template: RelativePath) -> RelativePath {
        let file = FilePath(String(decoding: template.lastComponent, as: UTF8.self))
        let name = RelativePath((file.stem ?? "template") + ".lock.json")
        return template.parent?.appending(name) ?? name
    }

    /// Versions and digests by the packages' names, `{NAME: [VERSION, SHA256]}`; null for what is no lock.
    static func packages(_ bytes: [UInt8]) -> JSONValue {
        guard let packages = (try? JSONValue(parsing: bytes))?["packages"]?.array else { return .null }
        var found: [String: [JSONValue]] = [:]
        for package in packages {
            guard let name = package["name"]?.string, let version = package["version"]?.string else { continue }
            // Of one package there may be several architectures.
            let architecture = package["architecture"]?.string ?? ""
            let key = found[name] == nil ? name : "\(name):\(architecture)"
            found[key] = [.string(version), package["sha256"] ?? .null]
        }
        return .map(found.mapValues { .array($0) })
    }
}
