import OSPackages
import OSTemplate
import SystemCalls
import SystemPackage

/// Trees of deb packages: mmdebstrap makes the base, the host's apt adds packages with the tree's own dpkg.
struct DebTree: TreeFamily {
    let site: TreeSite

    static let tools = [
        HostTool("mmdebstrap", package: "mmdebstrap"), HostTool("apt-get", package: "apt"),
        HostTool("apt-ftparchive", package: "apt-utils"), HostTool("dpkg-deb", package: "dpkg"),
    ]

    /// mmdebstrap's work from a repository of exactly these packages, without the network.
    func makeBase(_ packages: [Package], at folder: FilePath) async throws {
        let repository = site.scratch.appending("repository")
        try Files.removeTree(repository)
        try Files.createDirectories(repository, permissions: 0o755)
        defer { try? Files.removeTree(repository) }
        for package in packages { try place(package, in: repository) }
        let failure = "cannot make the base tree of \(site.template.provider)"
        try await site.programs.run(
            [
                "/bin/sh", "-c", "cd \"$1\" && apt-ftparchive \(Self.sha256Only) packages . >Packages", "sh",
                repository.string,
            ], failure: failure)
        let names = packages.map(\.name).sorted().joined(separator: ",")
        try await site.programs.run(
            [
                "mmdebstrap", "--mode=root", "--variant=essential", "--format=directory",
                "--architectures=\(site.template.provider.arch)", "--include=\(names)",
                "--aptopt=APT::Sandbox::User \"root\"", "--aptopt=Acquire::Languages \"none\"",
                "--aptopt=APT::Install-Recommends \"false\"", "--dpkgopt=force-unsafe-io", "", folder.string,
                "deb [trusted=yes] copy:\(repository.string) ./",
            ], .package, failure: failure,
            hint: "the list of the base tree must hold at least ?essential; see the lines above with --verbose")
        let tree = InsideTree(root: try Files.realPath(folder))
        // What mmdebstrap takes from this machine, or writes for its own sake.
        for path in ["/etc/apt/sources.list", "/etc/resolv.conf", "/etc/hostname"] { try tree.remove(path) }
        try normalise(tree)
    }

    /// apt finds the order; the tree's dpkg unpacks and configures.
    func install(_ packages: [Package], into tree: InsideTree) async throws {
        try TreePrograms.checkMountPoints(tree)
        let settings = site.scratch.appending("apt")
        try Files.removeTree(settings)
        for name in ["state/lists/partial", "cache/archives/partial", "etc", "none", "log"] {
            try Files.createDirectories(settings.pushing(FilePath(name)), permissions: 0o755)
        }
        let inside = tree.root.pushing("run/packages")
        let files = try packages.map { inside.appending(try fileName($0)).string }
        let configuration = settings.appending("apt.conf")
        try Files.replace(
            configuration,
            with: Array(Self.configuration(settings, tree.root, site.template.provider.arch).utf8))

        let policy = "/usr/sbin/policy-rc.d"
        let had = try tree.status(policy) != nil
        if !had { try tree.write(policy, "#!/bin/sh\nexit 101\n", permissions: 0o755) }
        let script = """
            mkdir "$2"; mount --bind "$1" "$2"; mount -o remount,bind,ro "$2"; shift 2
            exec apt-get install -y -qq --no-install-recommends "$@"
            """
        try await site.programs.run(
            ["/bin/sh", "-c", TreePrograms.insideScript, "sh", tree.root.string, "/bin/sh", "-ec", script, "sh"]
                + [site.packageCache.string, inside.string] + files,
            .package, failure: "cannot install the packages",
            variables: ["APT_CONFIG": configuration.string, "HOME": "/root", "TMPDIR": "/tmp"],
            hint: "see the lines above with --verbose; resolve anew with --refresh if the set does not fit together")
        if !had { try tree.remove(policy) }
    }

    /// The name of a package's file, which is no path and no option.
    private func fileName(_ package: Package) throws -> FilePath.Component {
        guard let name = FilePath.Component(package.fileName), name.kind == .regular, !package.fileName.hasPrefix("-")
        else {
            throw TreeError(
                .package,
                "cannot use the package \(Printable.quoted(Printable.escaped(package.fileName))): it names no file",
                hint: "resolve anew with --refresh")
        }
        return name
    }

    /// Puts a package's file where programs read it, without a copy where that can be.
    private func place(_ package: Package, in folder: FilePath) throws {
        let name = try fileName(package)
        let source = site.packageCache.appending(name)
        let target = folder.appending(name)
        do {
            try Files.link(source, to: target)
        } catch {
            try Files.clone(source, to: target, permissions: 0o644)
        }
    }

    private static let sha256Only = ["MD5", "SHA1", "SHA512"].map { "-o APT::FTPArchive::\($0)=false" }
        .joined(separator: " ")

    /// apt's settings: nothing of this machine's own, and the tree's list of what is installed.
    static func configuration(_ settings: FilePath, _ tree: FilePath, _ architecture: String) -> String {
        """
        Dir "/";
        Dir::State "\(settings)/state";
        Dir::State::status "\(tree)/var/lib/dpkg/status";
        Dir::State::extended_states "\(settings)/state/extended_states";
        Dir::Cache "\(settings)/cache";
        Dir::Etc "\(settings)/etc";
        Dir::Etc::Parts "\(settings)/none";
        Dir::Etc::SourceParts "\(settings)/none";
        Dir::Etc::PreferencesParts "\(settings)/none";
        Dir::Etc::TrustedParts "\(settings)/none";
        Dir::Log "\(settings)/log";
        APT::Architecture "\(architecture)";
        APT::Architectures { "\(architecture)"; };
        APT::Sandbox::User "root";
        APT::Sandbox::Seccomp "false";
        Acquire::Languages "none";
        Debug::NoLocking "true";
        DPkg::Chroot-Directory "\(tree)";
        DPkg::Options { "--force-unsafe-io"; "--force-confnew"; "--log=/dev/null"; };
        DPkg::Use-Pty "false";

        """
    }
}
