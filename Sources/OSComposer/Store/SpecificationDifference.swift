import JSON
import OSDisk
import OSPackages
import OSTemplate
import SystemCalls
import SystemPackage

/// Why an image of the cache is not the one that a template asks for now: one line per cause.
enum SpecificationDifference {
    /// How two merged templates differ: `systemConfig.hostname: "a" → "b"`, `systemConfig.packages: + vim`.
    static func lines(from old: JSONValue, to new: JSONValue, at path: String = "") -> [String] {
        if old == new { return [] }
        switch (old, new) {
        case (.object(let before), .object(let after)):
            let names = Set(before.map(\.name)).union(after.map(\.name))
            return names.sorted().flatMap { name in
                lines(
                    from: old[name] ?? .null, to: new[name] ?? .null, at: path.isEmpty ? name : "\(path).\(name)")
            }
        case (.array(let before), .array(let after)):
            let gone = before.filter { !after.contains($0) }.map { "\(path): - \(shown($0))" }
            let added = after.filter { !before.contains($0) }.map { "\(path): + \(shown($0))" }
            return gone + added + (gone.isEmpty && added.isEmpty ? ["\(path): in another order"] : [])
        case (.null, _): return ["\(path): + \(shown(new))"]
        case (_, .null): return ["\(path): - \(shown(old))"]
        default: return ["\(path): \(shown(old)) → \(shown(new))"]
        }
    }

    private static func shown(_ value: JSONValue) -> String {
        let text = value.string ?? value.text
        return text.count > 60 ? text.prefix(60) + "…" : text
    }
}

extension ImageStore {
    /// What the template was, beside an image's files.
    static let template: FilePath.Component = ".template"
    /// What the packages were.
    static let packages: FilePath.Component = ".packages"

    /// Notes what an image was made of, so that a later miss can be explained.
    func noteCauses(_ resolved: ResolvedTemplate, in staged: FilePath) throws(SystemError) {
        try Files.replace(staged.appending(Self.template), with: Array(Self.cause(resolved).text.utf8))
        try Files.replace(staged.appending(Self.packages), with: Array(resolved.lock.text.utf8))
    }

    /// The merged template and the artifacts that are made, which a caller may choose.
    private static func cause(_ resolved: ResolvedTemplate) -> JSONValue {
        let artifacts = resolved.template.artifacts.map {
            $0.kind.rawValue + ($0.compression.map { "." + $0.rawValue } ?? "")
        }
        return .object(
            (resolved.template.canonical.members ?? []) + [.init("made", .strings(artifacts))])
    }

    /// Why the newest image of the same name is not the one that is asked for; empty where there is none.
    func causes(of resolved: ResolvedTemplate) -> [String] {
        guard
            let last = try? images().map(\.image).first(where: {
                $0.name == resolved.template.name && $0.provider == resolved.template.provider.description
            })
        else { return [] }
        let place = folder(of: last.specification)
        var lines: [String] = []
        if let bytes = (try? Files.readPlain(place.appending(Self.template), limit: 4 << 20)) ?? nil {
            var reader = JSONReader(bytes)
            if let old = try? reader.value() {
                lines = SpecificationDifference.lines(from: old, to: Self.cause(resolved))
            }
        }
        if let old = (try? LockFile.read(place.appending(Self.packages))) ?? nil {
            lines += ResolutionDifference.lines(from: old.resolution, to: resolved.lock.resolution)
        }
        return lines.isEmpty ? ["a file that the template names, or how images are made, changed"] : lines
    }
}
