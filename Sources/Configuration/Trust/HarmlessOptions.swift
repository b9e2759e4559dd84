import SystemPackage

/// The options of an engine that a committed file may use without trust; docs/security.md has the same list.
///
/// Only options stand here that have one meaning, and one number of words, with every engine.
struct HarmlessOptions: Sendable {
    /// What may follow an option.
    enum Value: Sendable {
        /// Nothing; `=true` and `=false` are the same.
        case none
        /// Any text: it concerns nothing but the container or image.
        case any
        /// `NAME=VALUE` with a name that says something of the image: runtimes obey others, and hooks begin by them.
        case annotation
        /// `NAME=VALUE`; a name alone would take the caller's variable.
        case setting
        /// One of these words.
        case words([String])
        /// `SOURCE:TARGET[:OPTIONS]`, the source a path of the project.
        case mount
        /// `NAME=FOLDER`, the folder one of the project.
        case context
        /// `id=NAME,src=FILE`, the file one of the project.
        case secret
    }

    private let table: [String: Value]

    /// Those of containers.
    static let ofRun = HarmlessOptions(
        table: common.merging([
            "--entrypoint": .any, "--workdir": .any, "-w": .any, "--user": .any, "-u": .any, "--hostname": .any,
            "--init": .none, "--read-only": .none, "--tmpfs": .any, "--pids-limit": .any, "--stop-signal": .any,
            "--stop-timeout": .any, "--security-opt": .words(["no-new-privileges", "no-new-privileges:true"]),
            "-e": .setting,
        ]) { $1 })

    /// Those of builds.
    static let ofBuild = HarmlessOptions(
        table: common.merging([
            "--build-arg": .setting, "--no-cache": .none, "--layers": .none, "--force-rm": .none, "--squash": .none,
            "--quiet": .none, "-q": .none, "--compress": .none, "--format": .any, "--jobs": .any, "--progress": .any,
            "--timestamp": .any, "--build-context": .context, "--secret": .secret,
        ]) { $1 })

    private static let common: [String: Value] = [
        "--env": .setting, "--label": .any, "--annotation": .annotation, "--network": .words(["none"]),
        "--add-host": .any, "--dns": .any, "--dns-option": .any, "--dns-search": .any, "--cap-drop": .any,
        "--ulimit": .any, "--shm-size": .any, "--memory": .any, "-m": .any, "--memory-swap": .any,
        "--cpu-period": .any, "--cpu-quota": .any, "--cpu-shares": .any, "--cpuset-cpus": .any, "--cpuset-mems": .any,
        "--cpus": .any, "--volume": .mount, "-v": .mount,
    ]

    /// The first option, or path, that is not harmless; nil where all are.
    func complaint(about words: [String], _ bounds: TrustBounds) -> String? {
        var rest = words[...]
        while let word = rest.popFirst() {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let isLong = word.hasPrefix("--")
            guard let name = isLong ? parts.first : word, let value = table[name] else {
                return "the option \(isLong ? parts[0] : word)"
            }
            let given = isLong && parts.count > 1 ? parts[1] : nil
            if case .none = value {
                if let given, !["true", "false"].contains(given) { return "the option \(word)" }
                continue
            }
            guard let text = given ?? rest.popFirst() else { return "the option \(word)" }
            if let complaint = complaint(about: text, as: value, bounds) { return "\(name) \(complaint)" }
        }
        return nil
    }

    private func complaint(about text: String, as value: Value, _ bounds: TrustBounds) -> String? {
        switch value {
        case .none, .any: return nil
        case .setting: return text.contains("=") && !text.hasPrefix("=") ? nil : text
        case .annotation: return text.hasPrefix("org.opencontainers.image.") && text.contains("=") ? nil : text
        case .words(let words): return words.contains(text) ? nil : text
        case .mount: return mountComplaint(text, bounds)
        case .context:
            guard let separator = text.firstIndex(of: "="), !text[separator...].contains(":") else { return text }
            return bounds.complaint(aboutPath: String(text[separator...].dropFirst()))
        case .secret: return secretComplaint(text, bounds)
        }
    }

    private func mountComplaint(_ text: String, _ bounds: TrustBounds) -> String? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        // A path alone is a volume of the container's own.
        if parts.count == 1, text.hasPrefix("/") { return nil }
        guard (2...3).contains(parts.count), parts[0].hasPrefix(".") || parts[0].hasPrefix("/"),
            parts.count < 3 || !parts[2].contains("=")
        else { return text }
        return bounds.complaint(aboutPath: parts[0])
    }

    private func secretComplaint(_ text: String, _ bounds: TrustBounds) -> String? {
        var hasFile = false
        for field in text.split(separator: ",", omittingEmptySubsequences: false) {
            let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            switch parts[0] {
            case "id": continue
            case "src", "source":
                guard parts.count == 2 else { return text }
                hasFile = true
                if let complaint = bounds.complaint(aboutPath: parts[1]) { return complaint }
            default: return text
            }
        }
        return hasFile ? nil : text
    }
}
