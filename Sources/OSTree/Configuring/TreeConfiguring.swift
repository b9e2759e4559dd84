import OSTemplate
import SystemCalls
import SystemPackage

/// What a template sets up beyond its packages, in this order: name, repositories, users, files, commands.
struct TreeConfiguring: Sendable {
    let site: TreeSite
    let family: any TreeFamily
    let tree: InsideTree

    /// Configures the tree.
    ///
    /// - Throws: `TreeError` that names the part of the template.
    func run() async throws {
        let system = site.template.system
        if let name = system.hostname { try setHostname(name) }
        try family.writeRepositories(site.template.repositories, into: tree)
        for user in system.users { try add(user) }
        for file in system.additionalFiles { try copy(file) }
        for (index, command) in system.configurations.enumerated() {
            try TreePrograms.checkMountPoints(tree)
            try await site.programs.run(
                [
                    "/bin/sh", "-c", TreePrograms.insideScript, "sh", tree.root.string, "chroot", tree.root.string,
                    "/bin/sh", "-e", "-c", command,
                ], .configuration, failure: "cannot run command \(index + 1) of systemConfig.configurations",
                variables: ["HOME": "/root", "TMPDIR": "/tmp"],
                hint: "see the lines above with --verbose; the command sees no network")
        }
    }

    private func setHostname(_ name: String) throws {
        try tree.write("/etc/hostname", name + "\n", permissions: 0o644)
        let line = "127.0.1.1\t\(name)"
        var lines = (try tree.read("/etc/hosts") ?? "").split(separator: "\n").map(String.init)
        if lines.isEmpty {
            lines = ["127.0.0.1\tlocalhost", "::1\t\tlocalhost ip6-localhost ip6-loopback"]
        }
        if let index = lines.firstIndex(where: { $0.hasPrefix("127.0.1.1") }) {
            lines[index] = line
        } else {
            lines.insert(line, at: min(1, lines.count))
        }
        try tree.write("/etc/hosts", lines.joined(separator: "\n") + "\n", permissions: 0o644)
    }

    private func add(_ user: SystemConfig.User) throws {
        guard let passwd = try tree.read("/etc/passwd"), let group = try tree.read("/etc/group") else {
            throw TreeError(
                .configuration, "cannot add the user \(Printable.escaped(user.name)): the tree has no /etc/passwd",
                hint: "add the package that makes it (deb: base-passwd, rpm: setup)")
        }
        var files = AccountFiles(
            passwd: passwd, group: group, shadow: try tree.read("/etc/shadow") ?? "",
            gshadow: try tree.read("/etc/gshadow") ?? "")
        let account = try files.set(user)
        try tree.edit("/etc/passwd") { _ in files.passwd }
        try tree.edit("/etc/group") { _ in files.group }
        for (path, text) in [("/etc/shadow", files.shadow), ("/etc/gshadow", files.gshadow)] {
            if try tree.status(path) == nil {
                try tree.write(path, text, permissions: 0o600)
            } else {
                try tree.edit(path) { _ in text }
            }
        }
        if user.sudo {
            try tree.write(
                "/etc/sudoers.d/\(user.name)", "\(user.name) ALL=(ALL:ALL) NOPASSWD: ALL\n", permissions: 0o440)
        }
        guard account.isNew, try tree.status(account.home) == nil else { return }
        try tree.folder(above: account.home)
        try tree.folder(account.home)
        try copySkeleton(to: account.home, account)
        try tree.own(tree.place(account.home), account.id, account.group)
        try Files.setPermissions(tree.place(account.home), 0o700)
    }

    /// Copies what new users find in their home folders.
    private func copySkeleton(to home: String, _ account: AccountFiles.Account) throws {
        let skeleton = try tree.place("/etc/skel/x").removingLastComponent()
        guard try FileStatus.of(skeleton)?.kind == .directory else { return }
        try LocalFile.each(below: skeleton) { local in
            let path = home + "/" + local.name
            switch local.kind {
            case .folder: if !local.name.isEmpty { try tree.folder(path, owner: account.id, group: account.group) }
            case .link(let target): try link(target, path, account.id, account.group)
            case .file:
                try copy(local, to: path, permissions: FileStatus.of(local.path)?.permissions ?? 0o644)
                try tree.own(tree.place(path), account.id, account.group)
            }
        }
    }

    private func copy(_ file: SystemConfig.AdditionalFile) throws {
        guard file.final.isAbsolute else {
            throw TreeError(
                .configuration, "cannot copy to \(Printable.escaped(file.final.string)): it is no absolute path",
                hint: "correct systemConfig.additionalFiles")
        }
        try LocalFile.each(below: file.local) { local in
            let path = local.name.isEmpty ? file.final.string : file.final.string + "/" + local.name
            try tree.folder(above: path)
            switch local.kind {
            case .folder: try tree.folder(path)
            case .link(let target): try link(target, path, 0, 0)
            case .file(let isExecutable): try copy(local, to: path, permissions: isExecutable ? 0o755 : 0o644)
            }
        }
    }

    /// Copies one file in place of what is there; its owner is root.
    private func copy(_ local: LocalFile, to path: String, permissions: UInt32) throws {
        let place = try tree.place(path)
        if try FileStatus.of(place)?.kind == .directory {
            throw TreeError(
                .configuration, "cannot copy to \(Printable.escaped(path)): it is a folder",
                hint: "name the file in it")
        }
        let source = try Files.openPlain(local.path)
        defer { try? source.close() }
        try Files.replace(place, permissions: 0o600) { (target, name) throws(SystemError) in
            try Files.copy(source, to: target, named: name)
        }
        try tree.own(place, 0, 0)
        try Files.setPermissions(place, permissions)
    }

    private func link(_ target: String, _ path: String, _ owner: UInt32, _ group: UInt32) throws {
        let place = try tree.place(path)
        if let status = try FileStatus.of(place), status.kind != .directory { try Files.remove(place) }
        try Files.makeLink(place, to: target)
        try tree.own(place, owner, group)
    }
}
