import ArgumentParser
import Console
import JSON
import OSComposer
import OSTemplate
import Programs
import SystemCalls
import SystemPackage

/// `image-composer cache list`: images, packages and workspaces with their sizes.
struct CacheListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List finished images, packages and workspaces with their sizes.",
        discussion: """
            --limits says how the sizes stand to warn_size_gb and critical_size_gb of the configuration, as monitoring \
            plugins do: 0 below both, 1 from warn_size_gb on, 2 from critical_size_gb on, 3 if that cannot be told.
            """)

    @Flag(help: "Print one line, and exit with 0, 1, 2 or 3.") var limits = false
    @Option(name: .customLong("provider-id"), parsing: .unconditional, help: "Only this provider.") var provider:
        String?
    @OptionGroup(title: "Options of all commands") var common: ComposerOptions

    func run() async throws {
        if limits { return try runLimits() }
        let terminal = try common.start()
        let composer = try common.composer(terminal)
        let usage = try reported { try composer.usage(of: provider) }
        if terminal.options.isJSON {
            terminal.json(usage.json)
        } else {
            show(usage, on: terminal)
        }
        try terminal.finish()
    }

    private func show(_ usage: CacheUsage, on terminal: Terminal) {
        let now = FileStatus.Time.now.seconds
        var images = Table("IMAGE", "NAME", "PROVIDER", "SIZE", "USED")
        for (image, used) in usage.images {
            images.append(
                "\(image.specification.prefix(12))", "\(image.name) \(image.imageVersion)", "\(image.provider)",
                "\(Quantity.bytes(Size(image.size)))", "\(Quantity.age(now, since: used))")
        }
        if !usage.images.isEmpty { terminal.table(images) }
        for packages in usage.packages {
            terminal.line(
                "\(packages.provider): \(Quantity.count(packages.count, "package")), "
                    + Quantity.bytes(Size(packages.bytes))
                    + (packages.lastUsed.map { ", used \(Quantity.age(now, since: $0))" } ?? ""))
        }
        for workspace in usage.workspaces {
            terminal.line("\(workspace.provider): trees and outputs, \(Quantity.bytes(Size(workspace.bytes)))")
        }
        terminal.line("in all \(Quantity.bytes(Size(usage.bytes)))")
    }

    /// One line and an exit status for monitoring; nothing else ends it.
    private func runLimits() throws {
        let terminal = try common.start()
        let state: MonitoringState
        do {
            let composer = try common.composer(terminal)
            let size = Size(try composer.usage(of: provider).bytes)
            let bounds = composer.configuration.imageCache
            let (warning, critical) = (bounds.warnBytes.map(Double.init), bounds.criticalBytes.map(Double.init))
            state = MonitoringState(size, warning: warning, critical: critical)
            if terminal.options.isJSON {
                terminal.json([
                    "state": .string(state.word), "size": .integer(size.bytes),
                    "warn": bounds.warnBytes.map { .integer($0) } ?? .null,
                    "critical": bounds.criticalBytes.map { .integer($0) } ?? .null,
                ])
            } else {
                terminal.line(
                    "\(state.word) the caches hold \(Quantity.bytes(size))"
                        + MonitoringState.performance(size, warning: warning, critical: critical, maximum: nil))
            }
        } catch {
            state = .unknown
            terminal.line("\(state.word) \(Printable.escaped("\(error)"))")
        }
        try terminal.finish()
        if state != .ok { throw ArgumentParser.ExitCode(state.rawValue) }
    }
}

extension ComposerOptions {
    /// The composer of the configuration; warnings go to the terminal.
    func composer(_ terminal: Terminal) throws -> Composer {
        let display = BuildDisplay(terminal)
        return Composer(
            configuration: try configuration(), environment: ProcessEnvironment.current, tell: display.tell)
    }
}

extension CacheUsage {
    /// The document of `cache list --json`.
    var json: JSONValue {
        [
            "images": .array(
                images.map { image, used in
                    .object(
                        (image.json.members ?? []) + [
                            .init("lastUsed", .integer(used)), .init("bytes", .integer(image.size)),
                        ])
                }),
            "packages": .array(
                packages.map {
                    [
                        "provider": .string($0.provider), "count": .integer(Int64($0.count)),
                        "bytes": .integer($0.bytes), "lastUsed": $0.lastUsed.map { .integer($0) } ?? .null,
                    ]
                }),
            "workspaces": .array(
                workspaces.map { ["provider": .string($0.provider), "bytes": .integer($0.bytes)] }),
            "bytes": .integer(bytes),
        ]
    }
}
