import ArgumentParser
import Console
import OSComposer
import OSTemplate
import Programs
import SystemCalls
import SystemPackage

/// `image-composer build`: the image of a template.
struct BuildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Build the image of a template, or take it from the image cache.",
        discussion: """
            The packages are those of TEMPLATE's lock file (NAME.lock.json beside it), where it fits; else they are \
            resolved and the lock file is written. Root is needed, unless the image is in the cache.
            """)

    @Argument(help: ArgumentHelp("The template.", valueName: "template")) var template: String
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Where the image goes: a file, or a folder that is there.", valueName: "file"))
    var output: String?
    @Option(parsing: .unconditional, help: ArgumentHelp("How many downloads at once.", valueName: "n")) var workers:
        Int?
    @Flag(name: .customLong("no-cache"), help: "Neither use nor keep packages, trees and images.") var noCache = false
    @Flag(name: .customLong("no-image-cache"), help: "Neither use nor keep finished images.") var noImageCache = false
    @Flag(name: .customLong("no-package-cache"), help: "Neither use nor keep packages.") var noPackageCache = false
    @Flag(name: .customLong("no-tree-cache"), help: "Install every package anew.") var noTreeCache = false
    @Flag(help: "Resolve the packages anew, whatever the lock file says.") var refresh = false
    @Flag(help: "The lock file has to be there and to fit.") var locked = false
    @Flag(help: "Never build: the image has to be in the cache.") var frozen = false
    @Flag(help: "Fetch nothing.") var offline = false
    @OptionGroup(title: "Options of all commands") var common: ComposerOptions

    func run() async throws {
        let terminal = try common.start()
        var configuration = try common.configuration()
        if let workers {
            guard (1...256).contains(workers) else {
                throw Failure(.usage, "cannot use --workers \(workers): it is a number from 1 to 256")
            }
            configuration.workers = workers
        }
        if refresh, locked || frozen || offline {
            throw Failure(
                .usage, "cannot use --refresh with \(locked ? "--locked" : frozen ? "--frozen" : "--offline")")
        }
        if let output, output.hasSuffix("/"), try FileStatus.of(FilePath(output), followLinks: true) == nil {
            throw Failure(
                .usage, "cannot write \(output): there is no such folder", hint: "mkdir -p \(output)")
        }
        var options = BuildOptions()
        options.output = output.map { FilePath($0) }
        options.isOffline = offline
        options.isLocked = locked || frozen
        options.refreshes = refresh
        options.isFrozen = frozen
        if noCache || noImageCache { options.usesImageCache = false }
        if noCache || noPackageCache { options.usesPackageCache = false }
        options.usesTreeCache = !(noCache || noTreeCache)
        let display = BuildDisplay(terminal)
        let composer = Composer(
            configuration: configuration, environment: ProcessEnvironment.current, tell: display.tell)
        let path = FilePath(template)
        let report = try await reported { [options] in
            defer { display.finish() }
            return try await composer.build(path, options)
        }
        if terminal.options.isJSON {
            terminal.json(report.json)
        } else {
            for line in report.lines(bytes: { Quantity.bytes(Size($0)) }) { terminal.line(line) }
        }
        try terminal.finish()
    }
}
