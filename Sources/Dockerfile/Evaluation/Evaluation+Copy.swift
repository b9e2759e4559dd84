import OCI
import Patterns
import SystemCalls

extension Evaluation {
    /// COPY and ADD.
    mutating func evaluate(_ copy: Command.CopyCommand, _ step: Step) throws(DockerfileError) {
        var operation = operation(step, copy.isAdd ? .add : .copy)
        for name in ["chown", "chmod", "checksum"] where !copy.flags[name].isEmpty {
            let value = try expand(copy.flags[name], step)
            if value.string == "" { continue }
            operation.flags[name] = [value.text]
            if name == "chmod", let mode = value.string { operation.replacesModes = try Self.isOctal(mode) }
            operation.note(value, for: name)
        }
        for name in ["link", "parents"] where copy.flags.isOn(name) == true { operation.flags[name] = ["true"] }
        for name in ["keep-git-dir", "unpack"] {
            if let isOn = copy.flags.isOn(name) { operation.flags[name] = [isOn ? "true" : "false"] }
        }
        let excludes = copy.flags.all("exclude")
        if !excludes.isEmpty {
            try Self.check { () throws(PatternError) in _ = try IgnoreMatcher(excludes.map(LosslessText.bytes)) }
            operation.flags["exclude"] = excludes.map { Expanded($0) }
        }
        let number = copy.from.isEmpty ? nil : try graph.stage(copiedFrom: copy.from)
        operation.origin = try origin(copy.from, step, stage: number)
        var sources: [Operation.Source] = []
        for path in copy.paths { sources.append(try source(path, copy, step, &operation)) }
        let destination = try expand(copy.destination, step)
        operation.destination = StagePath.resolve(state.workingDirectory, destination, StagePath.destination)
        for file in copy.inline {
            let data = file.expands ? try expandBody(file.data, step) : .known(Expanded(file.data))
            operation.note(data, for: "<<" + file.name)
            sources.append(.inline(name: file.name, data: data.text))
        }
        operation.sources = sources
        try check(operation, copy, step)
        append(operation)
    }

    /// Where `--from` points to.
    mutating func origin(_ name: String, _ step: Step, stage number: Int?) throws(DockerfileError) -> Operation.Origin {
        if name.isEmpty { return .context }
        if let number, let position = positions[number] { return .stage(position) }
        if name == "scratch" { return .scratch }
        let reference = try BaseReference(name, platform: request.platform, line: step.startLine)
        note(reference)
        return .image(reference)
    }

    private mutating func source(
        _ path: String, _ copy: Command.CopyCommand, _ step: Step, _ operation: inout Operation
    ) throws(DockerfileError) -> Operation.Source {
        let value = try expand(path, step)
        guard case .known(let expanded) = value else {
            guard case .symbolic(let symbol) = value else { return .remote(value) }
            if let remote = remoteStart(of: path) {
                try allow(remote, in: copy)
                return .remote(value)
            }
            if copy.from.isEmpty { widen(step, path) }
            return .symbolic(symbol)
        }
        let text = expanded.text
        if let remote = RemoteReference(text) {
            try allow(remote, in: copy)
            return .remote(value)
        }
        let bytes = LosslessText.bytes(of: text)
        let cleaned = PathCleaning.relative(bytes)
        if operation.flags["parents"] != nil {
            // What follows the pivot keeps its folders.
            let pivot = Array("/./".utf8)
            let start = bytes.indices.first { bytes[$0...].starts(with: pivot) } ?? 0
            let folder = PathCleaning.relative(bytes[..<start])
            operation.flags["pivot", default: []].append(expanded.derived(LosslessText.text(of: folder)))
            try Self.check { () throws(PatternError) in _ = try IgnoreMatcher([cleaned]) }
        } else if GoPattern.isWildcard(cleaned) {
            try Self.check { () throws(PatternError) in _ = try GoPattern(cleaned) }
        }
        let source = RelativePath(bytes: cleaned)
        return expanded.secrets.isEmpty ? .path(source) : .secretPath(source, expanded)
    }

    /// Refuses a remote source in COPY.
    private func allow(_ remote: RemoteReference, in copy: Command.CopyCommand) throws(DockerfileError) {
        if copy.isAdd { return }
        if case .file = remote { throw DockerfileError("source can't be a URL for COPY") }
        throw DockerfileError("source can't be a git ref for COPY")
    }

    /// What a source that needs values of a base image is, where its literal start says that no file is meant.
    ///
    /// It says so where it does whatever the unknown values are, be they empty or not.
    private func remoteStart(of word: String) -> RemoteReference? {
        let schemes = ["http://", "https://", "git://", "ssh://"]
        var remote: RemoteReference?
        for value in ["", "x"] {
            guard let text = text(of: word, unknown: value), schemes.contains(where: text.hasPrefix) else {
                return nil
            }
            remote = RemoteReference(text)
        }
        return remote
    }

    /// Compiles patterns, for the sake of their faults.
    private static func check(_ compile: () throws(PatternError) -> Void) throws(DockerfileError) {
        do { try compile() } catch { throw DockerfileError(error) }
    }

    /// Checks checksums and takes note of what is fetched.
    private mutating func check(
        _ operation: Operation, _ copy: Command.CopyCommand, _ step: Step
    ) throws(DockerfileError) {
        let checksum = operation.flags["checksum"]?.first
        var remotes: [(text: Expanded, commit: Expanded?)] = []
        for case .remote(let value) in operation.sources {
            let text = value.text
            if case .repository(let commit) = RemoteReference(text.text) {
                remotes.append((text, commit.map(text.derived)))
            } else {
                if let checksum, operation.furtherValues["checksum"] == nil, Digest(checksum.text) == nil {
                    throw DockerfileError("invalid checksum digest format: \(checksum)")
                }
                remotes.append((text, nil))
            }
        }
        if checksum != nil {
            if copy.paths.count != 1 { throw DockerfileError("checksum can't be specified for multiple sources") }
            if remotes.isEmpty, !operation.sources.contains(where: \.isSymbolic) {
                throw DockerfileError("checksum requires HTTP(S) or Git sources")
            }
        }
        for remote in remotes {
            let pin = checksum ?? remote.commit
            self.remotes.append(BuildPlan.RemoteSource(text: remote.text, checksum: pin, line: step.startLine))
            if pin == nil {
                mark(.unpinned, "line \(step.startLine): \(ShownURL.masked(remote.text.shown)) has no checksum")
            }
        }
    }

    /// Whether a `--chmod` is octal; an error where it is neither that nor symbolic.
    private static func isOctal(_ text: String) throws(DockerfileError) -> Bool {
        let invalid = DockerfileError(
            "invalid chmod parameter: '\(text)'. it should be octal string and between 0 and 07777")
        if text.utf8.allSatisfy({ (0x30...0x37).contains($0) }) {
            guard let mode = UInt32(text, radix: 8), mode <= 0o7777 else { throw invalid }
            return true
        }
        for clause in text.split(separator: ",", omittingEmptySubsequences: false) {
            let rest = clause.drop { "ugoa".contains($0) }
            guard let action = rest.first, "+-=".contains(action) else { throw invalid }
            if !rest.allSatisfy({ "+-=rwxXstugo".contains($0) }) { throw invalid }
        }
        return false
    }
}

extension Operation {
    /// Takes note of the known part of a word that needs values of an unlocked base image.
    fileprivate mutating func note(_ value: Value, for name: String) {
        if case .symbolic = value { furtherValues[name] = value }
    }
}

extension Operation.Source {
    fileprivate var isSymbolic: Bool {
        if case .symbolic = self { true } else { false }
    }
}
