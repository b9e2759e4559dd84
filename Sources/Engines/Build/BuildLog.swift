import Synchronization
import SystemCalls
import SystemPackage

/// What a builder says: to the caller, to a file, and kept in part, for the step that failed.
final class BuildLog: Sendable {
    private struct State {
        var step: String?
        /// Whether it is one of ours, which makes nothing.
        var isFence = false
        var failedStep: String?
        var steps = 0
        var reused = 0
        var buildKitSteps: [String: String] = [:]
        var error: String?
    }

    private let state = Mutex(State())
    private let handle: @Sendable (String) -> Void
    private let file: FileDescriptor?
    private let path: FilePath?
    private let secrets: [String]

    /// - Parameters:
    ///   - path: a file that gets all of it.
    ///   - secrets: values that nobody is told, should a step print them.
    ///   - handle: told every line.
    init(file path: FilePath?, hiding secrets: [String] = [], _ handle: @escaping @Sendable (String) -> Void) throws {
        self.handle = handle
        self.path = path
        self.secrets = secrets.sorted { $0.utf8.count > $1.utf8.count }
        file = try path.map { try Files.createPlain($0) }
    }

    deinit {
        try? file?.close()
    }

    /// A line without the values of secrets, and without those that URLs hold.
    func hide(_ line: String) -> String {
        var line = line
        for secret in secrets where line.contains(secret) {
            line = line.split(separator: secret, omittingEmptySubsequences: false).joined(separator: SecretName.mask)
        }
        return ShownURL.masked(line)
    }

    func take(_ said: String) {
        let line = hide(said)
        handle(line)
        if let file, let path {
            try? Files.write(Array((EscapeFilter.plain(line) + "\n").utf8), to: file, named: path.string)
        }
        state.withLock { state in
            let plain = Self.withoutStage(line)
            if plain.hasPrefix("STEP ") || plain.hasPrefix("Step ") {
                // podman, buildah: `STEP 2/4: RUN x`, `[1/2] STEP 2/4: RUN x`; docker legacy: `Step 2/4 : RUN x`.
                let text = plain.split(separator: ":", maxSplits: 1).last.map { $0.trimmed } ?? String(plain)
                state.step = text
                state.isFence = text.hasPrefix("ARG \(BuildRequest.fence)")
                if !Self.isStart(text), !state.isFence { state.steps += 1 }
            } else if line.hasPrefix("--> Using cache") || line.hasPrefix(" ---> Using cache") {
                if !state.isFence { state.reused += 1 }
            } else if line.hasPrefix("#") {
                takeBuildKit(line, &state)
            }
            for mark in ["Error: building at STEP \"", "error building at STEP \"", "building at STEP \""]
            where state.failedStep == nil {
                guard let start = line.range(ofText: mark) else { continue }
                let rest = line[start...]
                // The step may hold quotes of its own.
                let isLast = state.step.map { rest.hasPrefix($0 + "\":") } ?? false
                state.failedStep = isLast ? state.step : Self.quoted(rest)
            }
            let lower = line.lowercased()
            if lower.hasPrefix("error:") || lower.contains("failed to solve") || lower.hasPrefix("the command '") {
                state.error = line
            }
        }
    }

    /// Whether a step is a stage's FROM.
    private static func isStart(_ step: String) -> Bool { step.uppercased().hasPrefix("FROM ") }

    /// A line without the number of its stage, as builds of several stages have it.
    private static func withoutStage(_ line: String) -> Substring {
        guard line.hasPrefix("["), let end = line.firstIndex(of: "]") else { return line[...] }
        let isNumber = line[..<end].dropFirst().allSatisfy { $0.isNumber || $0 == "/" }
        return isNumber ? line[end...].dropFirst().drop { $0 == " " } : line[...]
    }

    /// What stands before the first quote that a colon follows.
    private static func quoted(_ text: Substring) -> String {
        var rest = text
        while let quote = rest.firstIndex(of: "\"") {
            rest = rest[quote...].dropFirst()
            if rest.first == ":" { return String(text[..<quote]) }
        }
        return String(text)
    }

    /// BuildKit's plain progress: `#7 [stage 2/4] RUN x`, `#7 CACHED`, `#7 ERROR: …`, `> [stage 2/4] RUN x:`.
    private func takeBuildKit(_ line: String, _ state: inout State) {
        let words = line.split(separator: " ", maxSplits: 1)
        guard words.count == 2 else { return }
        let (vertex, rest) = (String(words[0]), words[1])
        if rest.hasPrefix("["), !rest.hasPrefix("[internal]"), let end = rest.firstIndex(of: "]") {
            let step = rest[rest.index(after: end)...].trimmed
            state.step = step
            // What a stage starts from is not made.
            if !Self.isStart(step), state.buildKitSteps.updateValue(step, forKey: vertex) == nil { state.steps += 1 }
        } else if rest.hasPrefix("CACHED"), state.buildKitSteps[vertex] != nil {
            state.reused += 1
        } else if rest.hasPrefix("ERROR") {
            state.failedStep = state.failedStep ?? state.buildKitSteps[vertex]
            state.error = rest.split(separator: ":", maxSplits: 1).last.map { $0.trimmed }
        }
    }

    /// The step that failed, as far as the log tells.
    var failedStep: String? { state.withLock { $0.failedStep ?? $0.step } }
    /// The engine's own error text.
    var error: String? { state.withLock { $0.error } }
    /// How many steps there were beside those that name what a stage starts from, and how many were reused.
    var counts: (steps: Int, reused: Int) { state.withLock { ($0.steps, $0.reused) } }
}
