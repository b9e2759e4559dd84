import Console
import Engines
import Glibc
import ImageCache
import Programs
import SystemCalls
import SystemPackage

/// The container engines of this machine, and what they can do here.
extension Doctor {
    /// How long the containers of the probe may take in all.
    private static let probePatience = Duration.seconds(120)

    /// All engines that are known, each asked anew, then what the one that is used can do.
    func engines() async -> [Diagnosis] {
        let wanted = Dialect(named: configuration?.engine.rawValue ?? "")
        var answers: [(dialect: Dialect, answer: EngineSearch.Answer)] = []
        for dialect in Dialect.all {
            var search = EngineSearch(dialect, environment: environment)
            search.patience = Self.patience
            search.asksAnew = true
            do {
                answers.append((dialect, try await search.run()))
            } catch {
                return [.failure(.engine, error)]
            }
        }
        let used = answers.first { $0.answer.finding != nil && (wanted == nil || wanted == $0.dialect) }?.answer.finding
        var found: [Diagnosis] = []
        for (dialect, answer) in answers where wanted == nil || dialect == wanted || answer.finding != nil {
            found += Self.engine(dialect, answer, isUsed: dialect == used?.dialect, isWanted: dialect == wanted)
        }
        guard let used else {
            if wanted == nil {
                let reasons = answers.flatMap(\.answer.attempts).filter { !$0.isAbsent }.map(\.reason)
                let text = reasons.isEmpty ? "there is no container engine" : "no container engine answers"
                found.append(
                    .problem(.engine, "\(text), so nothing can be built or run", fix: "apt-get install -y podman"))
            }
            return found
        }
        return await found + abilities(of: used)
    }

    /// What one engine's answer comes to; nothing where it is not there and not asked for.
    static func engine(_ dialect: Dialect, _ answer: EngineSearch.Answer, isUsed: Bool, isWanted: Bool) -> [Diagnosis] {
        if let finding = answer.finding {
            let service = finding.endpoint.map { ", \($0)" } ?? ""
            return [
                .ok(.engine, "\(dialect) \(finding.version) (\(finding.program)\(service))\(isUsed ? ", used" : "")")
            ]
        }
        guard let attempt = answer.attempts.first else { return [] }
        if attempt.isAbsent && !isWanted { return [] }
        let text = "\(dialect): \(attempt.reason)"
        let fix = attempt.isAbsent ? "install \(dialect), or name another engine in cache-image.yml" : attempt.remedy
        return [isWanted ? .problem(.engine, text, fix: fix) : .warning(.engine, text, fix: fix)]
    }

    private func abilities(of finding: EngineFinding) async -> [Diagnosis] {
        var engine = Engine(finding, environment: environment, note: { [terminal] in terminal.detail($0) })
        engine.workingDirectory = "/"
        engine.limits.question = .seconds(30)
        engine.limits.transfer = .seconds(60)
        var found: [Diagnosis] = []
        if geteuid() != 0, finding.dialect != .docker, finding.endpoint == nil { found += rootless() }
        let folder = try? await within(.seconds(30)) { [engine] in await engine.storeFolder() }
        if let folder = folder ?? nil, Files.exists(folder), let space = DiskSpace.of(folder) {
            found.append(Self.disk("the store of \(finding.dialect)", folder, space, largest: 0))
        }
        do {
            guard let reports = try await within(Self.probePatience, { [engine] in try await engine.probeReports() })
            else {
                let text = "\(finding.dialect) did not start a container within \(Self.probePatience)"
                return found + [.problem(.containers, text, fix: "cache-image engine --probe -vv")]
            }
            found += reports.map(Self.containers)
        } catch {
            found.append(.failure(.containers, error))
        }
        let left = engine.leftContainers
        if !left.isEmpty {
            let text = "\(Quantity.count(left.count, "container")) of killed runs, such as \(left[0])"
            found.append(.warning(.leftovers, text, fix: "the next build or run removes them", .containers))
        }
        return found
    }

    /// What a probe comes to.
    static func containers(_ report: ProbeReport) -> Diagnosis {
        guard let abilities = report.abilities else {
            let reason = report.complaint.map { ": \($0)" } ?? ""
            return .problem(
                .containers, "no container starts for \(report.use)\(reason)",
                fix: "cache-image engine --probe -v; docs/engines.md says what engines need")
        }
        let text = "\(report.use): \(abilities)"
        return report.isReduced
            ? .warning(.containers, text, fix: "repair it, then cache-image engine --probe (docs/troubleshooting.md)")
            : .ok(.containers, text)
    }

    // MARK: Without root

    /// What podman and buildah need of a user who is not root.
    private func rootless() -> [Diagnosis] {
        func ranges(_ file: FilePath) -> String {
            ((try? Files.read(file, limit: 1 << 20)) ?? nil).map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
        let name = getpwuid(geteuid()).flatMap { $0.pointee.pw_name }.map { String(cString: $0) }
        return Self.rootless(
            name: name ?? "", user: geteuid(), users: ranges("/etc/subuid"), groups: ranges("/etc/subgid"),
            maps: ["newuidmap", "newgidmap"].allSatisfy { ProgramSearch.find($0, environment: given) != nil },
            network: ["pasta", "slirp4netns"].contains { ProgramSearch.find($0, environment: given) != nil })
    }

    /// What these files and programs come to.
    static func rootless(
        name: String, user: UInt32, users: String, groups: String, maps: Bool, network: Bool
    ) -> [Diagnosis] {
        func has(_ text: String) -> Bool {
            text.split(separator: "\n").contains { line in
                let parts = line.split(separator: ":", omittingEmptySubsequences: false)
                return parts.count == 3 && (parts[0] == name || parts[0] == "\(user)")
            }
        }
        var found: [Diagnosis] = []
        if !maps {
            found.append(
                .problem(.engine, "newuidmap and newgidmap are not on PATH", fix: "sudo apt-get install -y uidmap"))
        }
        if !has(users) || !has(groups) {
            found.append(
                .problem(
                    .engine, "/etc/subuid and /etc/subgid give \(name.isEmpty ? "this user" : name) no numbers",
                    fix: "sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 \(name)"
                        + " && podman system migrate"))
        }
        if !network {
            found.append(
                .warning(
                    .engine, "neither pasta nor slirp4netns is on PATH, so containers have no network of their own",
                    fix: "sudo apt-get install -y slirp4netns"))
        }
        return found.isEmpty ? [.ok(.engine, "without root: user namespaces and networks are set up")] : found
    }

    /// The result of `body`; nil where it takes longer.
    private func within<Value: Sendable>(
        _ limit: Duration, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value? {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await Task.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }
}
