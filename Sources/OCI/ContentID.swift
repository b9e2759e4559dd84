import Hashing
import JSON

/// The identity of what an image holds, whoever made it and when: a re-created image with equal content has the same.
///
/// SHA-256 of the canonical encoding of `(image-content/1 (DIFFID…) ((FIELD VALUE)…) OS/ARCH[/VARIANT])`. An atom is its
/// decimal length, `:`, its UTF-8 bytes and `,`; a list stands in `(` and `)`. Fields have the names of the image config,
/// are sorted, and are left out where empty: Env, Labels as `((NAME VALUE)…)` sorted by name; ExposedPorts, Volumes
/// sorted; Cmd, Entrypoint, Shell, OnBuild in their order; Healthcheck as `((FIELD VALUE)…)` without zeros; WorkingDir
/// without that of `/`; User, StopSignal, Author as they are. The label `io.buildah.version`, which names the builder,
/// does not count.
enum ContentID {
    static func digest(diffIDs: [SHA256Digest], runtime: RuntimeConfig, platform: Platform) -> SHA256Digest {
        let fields = runtime.canonicalFields.map { "(" + atom($0.name) + $0.encoding + ")" }.joined()
        let list = "(" + diffIDs.map { atom($0.description) }.joined() + ")"
        let encoding = "(" + atom("image-content/1") + list + "(" + fields + ")" + atom(platform.description) + ")"
        return SHA256Digest(of: encoding.utf8)
    }

    static func atom(_ text: String) -> String { "\(text.utf8.count):\(text)," }

    static func list(_ values: [String]) -> String { "(" + values.map(atom).joined() + ")" }

    static func map(_ values: [String: String]) -> String {
        let sorted = values.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        return "(" + sorted.map { "(" + atom($0.key) + atom($0.value) + ")" }.joined() + ")"
    }
}

extension RuntimeConfig {
    /// The fields that are set, by name, each in its canonical encoding.
    fileprivate var canonicalFields: [(name: String, encoding: String)] {
        var fields: [(String, String)] = []
        if !author.isEmpty { fields.append(("Author", ContentID.atom(author))) }
        if let cmd, !cmd.isEmpty { fields.append(("Cmd", ContentID.list(cmd))) }
        if let entrypoint, !entrypoint.isEmpty { fields.append(("Entrypoint", ContentID.list(entrypoint))) }
        if !env.isEmpty { fields.append(("Env", ContentID.map(environment))) }
        if !exposedPorts.isEmpty { fields.append(("ExposedPorts", ContentID.list(exposedPorts))) }
        let check = canonicalHealthcheck
        if !check.isEmpty { fields.append(("Healthcheck", check)) }
        let labels = labels.filter { $0.key != "io.buildah.version" }
        if !labels.isEmpty { fields.append(("Labels", ContentID.map(labels))) }
        if !onBuild.isEmpty { fields.append(("OnBuild", ContentID.list(onBuild))) }
        if let shell, !shell.isEmpty { fields.append(("Shell", ContentID.list(shell))) }
        if !stopSignal.isEmpty { fields.append(("StopSignal", ContentID.atom(stopSignal))) }
        if !user.isEmpty { fields.append(("User", ContentID.atom(user))) }
        if !volumes.isEmpty { fields.append(("Volumes", ContentID.list(volumes))) }
        if !workingDirectory.isEmpty, workingDirectory != "/" {
            fields.append(("WorkingDir", ContentID.atom(workingDirectory)))
        }
        return fields
    }

    private var canonicalHealthcheck: String {
        var fields = ""
        for name in ["Interval", "Retries", "StartInterval", "StartPeriod", "Timeout"] {
            if let value = healthcheck?[name]?.integer, value != 0 {
                fields += "(" + ContentID.atom(name) + ContentID.atom(String(value)) + ")"
            }
        }
        if let test = healthcheck?["Test"]?.array?.compactMap(\.string), !test.isEmpty {
            fields += "(" + ContentID.atom("Test") + ContentID.list(test) + ")"
        }
        return fields.isEmpty ? "" : "(" + fields + ")"
    }
}

extension ImageConfig {
    /// The identity of the image's content: layers, runtime config and platform, without times, history and builder.
    public var contentID: SHA256Digest {
        ContentID.digest(diffIDs: diffIDs, runtime: runtime, platform: platform)
    }
}

extension RuntimeConfig {
    /// The identity of an image's content, where layers and platform come from an engine's own words.
    public func contentID(diffIDs: [SHA256Digest], platform: Platform) -> SHA256Digest {
        ContentID.digest(diffIDs: diffIDs, runtime: self, platform: platform)
    }
}
