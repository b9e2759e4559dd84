import OCI

extension Dialect {
    /// buildah: podman's store and builder; it runs no images, only working containers made of them.
    public static let buildah = Dialect(
        name: "buildah", takesReplacedBase: true, namesLocally: true, takesRuntime: true, limits: .inherited,
        isolationFree: [.builds, .runs],
        service: Service(introduction: ["info"], introducesVersion: false, settings: Service.containerSettings),
        images: ImageVerbs(
            inspect: { ["inspect", "--type", "image"] + $0 }, inspectsOneByOne: true, tellsNames: false,
            read: { told, _, names in EngineImage(buildah: told, names: names, size: 0) }, idMember: "FromImageID",
            storeRecords: ["info", "--format", "{{.store.GraphRoot}}/{{.store.GraphDriverName}}"],
            absentTexts: ["image not known", "no such image", "locating image", "not found"],
            list: ["images", "--no-trunc", "--format", "{{.ID}} {{.Name}}:{{.Tag}}"],
            pull: { reference, platform in
                return ["pull", "--quiet"] + (platform == .host ? [] : ["--platform", platform.description]) + [
                    reference
                ]
            },
            save: { ["push", "--quiet", $0, "docker-archive:/dev/stdout"] },
            saveToLayout: { ["push", "--quiet", $0, "oci:\($1.string):image"] },
            load: .file { ["pull", "--quiet", "docker-archive:\($0.string)"] },
            sparing: .file(["pull", "--quiet", "docker-archive:/proc/self/fd/0"]),
            loadTogether: .oneByOne { ["pull", "--quiet", "docker-archive:\($0.string):@\($1)"] },
            removeUnused: { ["rmi", $0] }),
        containers: ContainerVerbs(
            run: runInWorkingContainer,
            probe: { abilities, name, program in
                ["run"] + abilities.runtimeOptions + (abilities.isChroot ? ["--isolation", "chroot"] : [])
                    + abilities.probedNetworkOptions + [name, "--", program]
            },
            working: WorkingVerbs(
                make: { ["from", "--pull-never", "--name", $0, $1] },
                pass: { ["config"] + $0.flatMap { ["--env", $0] } + [$1] }, copy: { ["copy", $0, $1.string, $2] }),
            startedAt: nil, inspect: { ["inspect", $0] },
            images: ImagesInUse(list: ["containers", "--all", "--notruncate", "--format", "{{.ImageID}}"]),
            labelled: nil, kill: nil, remove: { ["rm", $0] }),
        builder: { engine in
            .buildahLibrary(
                "buildah", hasGlobalRuntime: false, neverPull: "--pull-never",
                knowsHeredocs: await engine.isAtLeast(1, 33))
        },
        workingContainers: WorkingContainers(
            list: ["containers", "--quiet", "--notruncate"], read: { $0 }, remove: { ["rm"] + $0 },
            programs: ["podman", "buildah"]))

    /// The whole command is said: buildah knows neither ENTRYPOINT nor CMD.
    @Sendable private static func runInWorkingContainer(_ call: RunCall) -> [String] {
        let request = call.request
        var arguments = ["run"] + call.abilities.runtimeOptions
        if call.abilities.isChroot { arguments += ["--isolation", "chroot"] }
        arguments.append("--terminal=\(call.hasTerminal)")
        // It takes no variable from its own environment; the working container was given those.
        arguments += request.containerOptions(workingDirectory: "--workingdir") { _ in [] }
        arguments += call.networkOptions
        if let log = call.runtimeLog, !call.abilities.isChroot {
            arguments += ["--runtime-flag", "log=\(log)", "--runtime-flag", "log-format=json"]
        }
        return arguments + request.options + ["--", call.container]
            + request.command(entrypoint: call.image?.entrypoint, cmd: call.image?.cmd)
    }
}
