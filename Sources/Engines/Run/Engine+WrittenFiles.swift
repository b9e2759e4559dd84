import Glibc
import Programs
import SystemCalls
import SystemPackage

/// Files that a container's command wrote into mounts belong to the caller.
///
/// Without root the kernel sees to that: the container's root is the caller. Elsewhere they are given back afterwards.
extension Engine {
    /// Gives back what was written into the mounts since a time.
    func giveBack(_ request: RunRequest, since start: FileStatus.Time) async {
        if isRootless || request.runsAsCaller { return }
        let isRoot = geteuid() == 0
        // Root's own containers write as root, if their user is no other.
        if isRoot, request.runsAsRoot { return }
        for mount in request.mounts where mount.source.isAbsolute && !mount.options.contains("ro") {
            guard let source = ((try? FileStatus.of(mount.source, followLinks: true)) ?? nil),
                source.kind == .directory
            else { continue }
            let (owner, group) = isRoot ? (source.owner, source.group) : (geteuid(), getegid())
            let owners = FileOwners(mount.source, owner: owner, group: group, since: start)
            let left: Int
            if isRoot {
                left = owners.giveAway().failures
            } else {
                let found = owners.foreign().paths
                if found.isEmpty { continue }
                await giveBack(found, of: mount, request, owner: "\(owner):\(group)")
                left = owners.foreign().paths.count
            }
            if left == 0 { continue }
            let files = left == 1 ? "1 file" : "\(left) files"
            warn(
                "\(request.title) left \(files) below \(mount.source) that belong to another user",
                "sudo chown -R \(owner):\(group) \(ShellWord.shown(mount.source))")
        }
    }

    /// Gives files back by the image's own chown, which the daemon runs as root; that it is not there is no failure here.
    private func giveBack(
        _ paths: [FilePath], of mount: RunRequest.Mount, _ request: RunRequest, owner: String
    ) async {
        say("\(name): giving what \(request.title) wrote below \(mount.source) back to you")
        // It needs no network, but an engine may not be able to give none.
        let network = (try? await abilities(of: .runs))?.gives("none") ?? true ? "none" : "host"
        for start in stride(from: 0, to: paths.count, by: 500) {
            let part = paths[start..<min(start + 500, paths.count)]
            let inside = part.map { FilePath(mount.target).pushing($0).string }
            let arguments =
                ["run", "--rm", "--pull=never", "--user", "0:0", "--network", network, "--entrypoint", "chown"]
                + ["--volume", "\(mount.source):\(mount.target)", request.image, "-h", owner, "--"] + inside
            await uncancelled { _ = try? await ask(arguments) }
        }
    }

    /// Whether containers run in a user namespace of this user, whose root is the user.
    var isRootless: Bool { geteuid() != 0 && !usesService }
}

extension RunRequest {
    /// The user of the container: that of the options, of the request, of the image.
    private var chosenUser: String { EngineOptionWords(options).value(of: "--user", "-u") ?? user ?? imageUser ?? "" }

    /// Whether the command runs as root.
    var runsAsRoot: Bool {
        let name = chosenUser.split(separator: ":", omittingEmptySubsequences: false).first ?? ""
        return ["", "0", "root"].contains(name)
    }

    /// Whether it runs as this user.
    var runsAsCaller: Bool {
        let name = chosenUser.split(separator: ":", omittingEmptySubsequences: false).first ?? ""
        return name == "\(geteuid())"
    }
}
