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
                Task.detached { _ = try? await ask(["stop", "--time", "2", container]) }
            }
        } catch {
            await removeContainer(container)
            throw error
        }
    }

    /// Removes a container with its volumes, even where this task was cancelled.
    func removeContainer(_ container: String) async {
        let arguments = kind == .buildah ? ["rm", container] : ["rm", "--force", "--volumes", container]
        await Task.detached { _ = try? await ask(arguments) }.value
    }

    /// Removes the containers of runs that were killed, where it is certain that nobody uses them.
    func removeLeftovers() async {
        for (container, note) in RunNote.abandoned(self) {
            await removeLeftover(container)
            // The next command tries again where it could not be removed.
            let arguments = kind == .buildah ? ["inspect", container] : ["container", "inspect", container]
            if let answer = try? await ask(arguments), !answer.isSuccess { _ = try? Files.remove(note) }
        }
        if RunNote.canBeWritten(self) { return }
        for container in await ownerlessContainers() { await removeLeftover(container) }
    }

    private func removeLeftover(_ container: String) async {
        say("\(name): removing the container \(container) of a run that was killed")
        if kind != .buildah { _ = try? await ask(["kill", container]) }
        await removeContainer(container)
    }

    /// The containers whose label names a process that has certainly ended: for where no notes can be kept.
    private func ownerlessContainers() async -> [String] {
        if kind == .buildah { return [] }
        let filter = ["--all", "--quiet", "--no-trunc", "--filter", "label=\(RunOwner.label)"]
        let format = "{{.Id}} {{index .Config.Labels \"\(RunOwner.label)\"}}"
        guard let found = try? await ask(["ps"] + filter), found.isSuccess, !found.lines.isEmpty,
            let answer = try? await ask(["container", "inspect", "--format", format] + found.lines)
        else { return [] }
        return answer.lines.compactMap { line in
            let words = line.split(separator: " ")
            guard words.count == 2, RunOwner(String(words[1]))?.isProvablyDead == true else { return nil }
            return String(words[0])
        }
    }

    /// Runs a build of podman or buildah; where it is cut short, removes the working containers that it leaves.
    func removingWorkingContainers<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
        // Docker's daemon removes its own.
        if kind == .docker { return try await body() }
        let before = Set(try await workingContainers())
        do {
            return try await body()
        } catch {
            await Task.detached {
                guard let after = try? await workingContainers() else { return }
                let left = after.filter { !before.contains($0) }
                if left.isEmpty { return }
                if isAnotherBuildRunning {
                    say("\(name): \(left.count) working containers stay, since another build runs")
                    return
                }
                _ = try? await ask((kind == .podman ? ["rm", "--force"] : ["rm"]) + left)
            }.value
            throw error
        }
    }

    /// The containers in which builds of podman and buildah work.
    private func workingContainers() async throws -> [String] {
        if kind == .buildah {
            let finished = try await ask(["containers", "--quiet", "--notruncate"])
            return finished.isSuccess ? finished.lines : []
        }
        let format = "{{.ID}} {{.Status}} {{.Names}}"
        let finished = try await ask(["ps", "--all", "--external", "--no-trunc", "--format", format])
        guard finished.isSuccess else { return [] }
        return finished.lines.compactMap { line in
            let words = line.split(separator: " ")
            guard words.count == 3, words[1].lowercased() == "storage", words[2].contains("working-container") else {
                return nil
            }
            return String(words[0])
        }
    }

    /// Whether podman or buildah builds anything in the same store; so it may be where /proc does not list processes.
    private var isAnotherBuildRunning: Bool {
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
            guard ["podman", "buildah"].contains(program), command.contains(where: { $0 == "build" || $0 == "bud" })
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
