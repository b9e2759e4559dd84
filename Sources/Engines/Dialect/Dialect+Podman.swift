import JSON
import Programs

extension Dialect {
    /// podman: no daemon, a store that can be read, and buildah's library as its builder.
    public static let podman = Dialect(
        name: "podman", takesReplacedBase: true, namesLocally: true, takesRuntime: true, limits: .program,
        // `podman run` does nothing without a runtime.
        isolationFree: [.builds],
        service: Service(
            variables: [
                "CONTAINER_HOST", "CONTAINER_CONNECTION", "CONTAINERS_CONF", "CONTAINERS_STORAGE_CONF",
                "STORAGE_DRIVER",
            ],
            introduction: ["info", "--format", "{{.Version.Version}} {{.Host.Arch}}"],
            settings: Service.containerSettings),
        images: ImageVerbs(
            // Of a store on another machine nothing is said. `podman image inspect` tells neither SHELL nor ONBUILD.
            storeRecords: [
                "info", "--format",
                "{{if not .Host.ServiceIsRemote}}{{.Store.GraphRoot}}/{{.Store.GraphDriverName}}{{end}}",
            ], hidesConfig: true,
            storeFolder: ["info", "--format", "{{.Store.GraphRoot}}"],
            exists: { ["image", "exists", $0] },
            list: ["images", "--no-trunc", "--format", "{{.ID}} {{.Repository}}:{{.Tag}}"],
            save: { ["save", "--format", "docker-archive", $0] },
            saveToLayout: { ["push", "--quiet", $0, "oci:\($1.string):image"] },
            sparing: .file(["pull", "--quiet", "docker-archive:/proc/self/fd/0"]),
            loadTogether: .atOnce { ["load", "--quiet", "--input", $0.string] }),
        containers: ContainerVerbs(
            run: { call in
                // A health check is a timer of systemd.
                let isIdle =
                    !call.hasSystemd && call.environment["CONTAINER_HOST"] == nil
                    && !EngineOptionWords(call.request.options).options.contains { $0.name.hasPrefix("--health") }
                var own = isIdle ? ["--no-healthcheck"] : []
                // Else the caller's number would be another user's outside.
                let isMapped = EngineOptionWords(call.request.options).value(of: "--userns") != nil
                if call.isRootless, call.request.isCaller, !isMapped { own.append("--userns=keep-id") }
                // An ENTRYPOINT that can be read as JSON is read so.
                return ContainerVerbs.run(call, own) { JSONValue.strings([$0]).text }
            },
            images: ImagesInUse(
                list: ["ps", "--all", "--external", "--no-trunc", "--format", "{{.ImageID}}"])),
        builder: { engine in
            .buildahLibrary(
                "podman", hasGlobalRuntime: true, neverPull: "--pull=never",
                knowsHeredocs: await engine.isAtLeast(4, 8))
        },
        workingContainers: WorkingContainers(
            list: ["ps", "--all", "--external", "--no-trunc", "--format", "{{.ID}} {{.Status}} {{.Names}}"],
            read: { line in
                let words = line.split(separator: " ")
                let isOurs =
                    words.count == 3 && words[1].lowercased() == "storage" && words[2].contains("working-container")
                return isOurs ? String(words[0]) : nil
            },
            remove: { ["rm", "--force"] + $0 }, programs: ["podman", "buildah"]))
}
