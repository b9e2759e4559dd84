import Foundation
import SystemPackage

/// Stores of podman and buildah below a sandbox.
extension Sandbox {
    /// Makes a sandbox, runs `body` and takes down what engines mounted below it.
    public static func withStores<Result>(_ body: (Sandbox) async throws -> Result) async throws -> Result {
        try await with { sandbox in
            do {
                let result = try await body(sandbox)
                await sandbox.unmount()
                return result
            } catch {
                await sandbox.unmount()
                throw error
            }
        }
    }

    private func unmount() async {
        let mounts = (try? String(contentsOfFile: "/proc/self/mounts", encoding: .utf8)) ?? ""
        let below = mounts.split(separator: "\n").map { $0.split(separator: " ")[1] }
            .filter { $0.hasPrefix(root.string + "/") }
        for target in below.sorted().reversed() { _ = try? await run("umount", ["-l", String(target)]) }
    }

    /// The folder of the store of that name, and the variable that leads podman and buildah there.
    public func store(_ name: String) throws -> (folder: FilePath, variables: [String: String]) {
        let folder = path("store-" + name)
        let file = "store-\(name)/storage.conf"
        if !FileManager.default.fileExists(atPath: path(file).string) {
            try write(
                file,
                "[storage]\ndriver = \"overlay\"\ngraphroot = \"\(folder)/graph\"\nrunroot = \"\(folder)/run\"\n")
        }
        return (folder, ["CONTAINERS_STORAGE_CONF": path(file).string])
    }
}
