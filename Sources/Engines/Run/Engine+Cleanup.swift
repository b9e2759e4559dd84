import Glibc
import SystemCalls
import SystemPackage

extension Engine {
    /// Runs a container of that name; where the task is cancelled meanwhile, stops and removes it.
    ///
    /// To end the engine's program is not enough: the container lives on without it.
    func stopping<Result: Sendable>(
        _ container: String, _ body: @Sendable () async throws -> Result
    ) async throws -> Result {
        do {
            return try await withTaskCancellationHandler {
                try await body()
            } onCancel: {
                Task {
                    // The command may end by itself of the signal that was passed on.
                    for _ in 0..<10 where !EndingSignal.isUrgent { try? await Task.sleep(for: .milliseconds(100)) }
                    if EndingSignal.isUrgent { return }
                    _ = try? await ask(dialect.containers.stop(container))
                }
            }
        } catch {
            await removeContainer(container)
            throw error
        }
    }

    /// Removes a container with its volumes, even where this task was cancelled.
    func removeContainer(_ container: String) async {
        await uncancelled {
            // Else the engine would wait for the command to end of its own will.
            if EndingSignal.isUrgent, let kill = dialect.containers.kill { _ = try? await ask(kill(container)) }
            _ = try? await ask(dialect.containers.remove(container))
        }
    }

    /// Runs `body` to its end even where this task was cancelled.
    func uncancelled(_ body: @escaping @Sendable () async -> Void) async {
        await Task { await body() }.value
    }

    /// Removes the containers of runs that were killed, where it is certain that nobody uses them.
    func removeLeftovers() async {
        for (container, note) in RunNote.abandoned(self) {
            // Who ended that run may have removed it.
            if let answer = try? await ask(dialect.containers.inspect(container)), answer.isSuccess {
                await removeLeftover(container)
            }
            // The next command tries again where it could not be removed.
            if let answer = try? await ask(dialect.containers.inspect(container)), !answer.isSuccess {
                _ = try? Files.remove(note)
            }
        }
        if RunNote.canBeWritten(self) { return }
        for container in await ownerlessContainers() { await removeLeftover(container) }
    }

    private func removeLeftover(_ container: String) async {
        say("\(name): removing the container \(container) of a run that was killed")
        if let kill = dialect.containers.kill { _ = try? await ask(kill(container)) }
        await removeContainer(container)
    }

    /// The containers whose label names a process that has certainly ended: for where no notes can be kept.
    private func ownerlessContainers() async -> [String] {
        guard let question = dialect.containers.labelled?(RunOwner.label), let found = try? await ask(question),
            found.isSuccess, !found.lines.isEmpty,
            let answer = try? await ask(dialect.containers.label(RunOwner.label, found.lines))
        else { return [] }
        return answer.lines.compactMap { line in
            let words = line.split(separator: " ")
            guard words.count == 2, RunOwner(String(words[1]))?.isProvablyDead == true else { return nil }
            return String(words[0])
        }
    }

    /// Runs a build; where it is cut short, removes the working containers that it leaves.
    func removingWorkingContainers<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
        guard let working = dialect.workingContainers else { return try await body() }
        return try await Unfinished.holdingContainers { try await removing(working, after: body) }
    }

    private func removing<Result: Sendable>(
        _ working: WorkingContainers, after body: () async throws -> Result
    ) async throws -> Result {
        let before = Set(try await list(working))
        do {
            return try await body()
        } catch {
            await uncancelled {
                guard let after = try? await list(working) else { return }
                let left = after.filter { !before.contains($0) }
                if left.isEmpty { return }
                if isAnotherBuildRunning(working.programs) {
                    say("\(name): \(left.count) working containers stay, since another build runs")
                    return
                }
                _ = try? await ask(working.remove(left))
            }
            throw error
        }
    }

    /// The containers in which builds work.
    private func list(_ working: WorkingContainers) async throws -> [String] {
        let finished = try await ask(working.list)
        return finished.isSuccess ? finished.lines.compactMap(working.read) : []
    }

    /// Whether one of these programs builds anything in the same store; so it may be where /proc does not list processes.
    private func isAnotherBuildRunning(_ programs: Set<String>) -> Bool {
        let processes = (try? Files.names(in: "/proc")) ?? []
        guard processes.contains(where: { $0.string == String(getpid()) }) else { return true }
        return processes.contains { process in
            guard process.string.utf8.allSatisfy({ (48...57).contains($0) }) else { return false }
            func words(_ file: String) -> [String] {
                let bytes = (try? Files.read(FilePath("/proc").appending(process).appending(file))) ?? nil
                return (bytes ?? []).split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
            }
            let command = words("cmdline")
            let program = command.first?.split(separator: "/").last ?? ""
            guard programs.contains(String(program)), command.contains(where: { $0 == "build" || $0 == "bud" })
            else {
                return false
            }
            let variables = words("environ")
            return ["CONTAINERS_STORAGE_CONF", "HOME"].allSatisfy { name in
                let value = variables.first { $0.hasPrefix(name + "=") }?.dropFirst(name.count + 1)
                return value.map(String.init) == environment[name]
            }
        }
    }
}
