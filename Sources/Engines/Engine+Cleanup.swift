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
            if Task.isCancelled { await Task.detached { _ = try? await ask(["rm", "--force", container]) }.value }
            throw error
        }
    }

    /// Runs a build of podman or buildah; where it is cut short, removes the working containers that it leaves.
    func removingWorkingContainers<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
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
