import ArgumentParser
import CommandSession
import Console
import ImageCache
import SystemCalls

/// `cache-image explain`: every reason for a rebuild.
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Show every reason why an entry is not up to date.",
        discussion: "With -v, text files whose old version is in Git are shown with their differences.")

    @OptionGroup var images: ImageOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        let session = try Session(global) { images.apply(to: &$0) }
        let terminal = session.terminal
        try await session.forEachImage { image in
            let inspection = try session.cache.inspector.inspect(image)
            for mark in inspection.inputs.marks {
                terminal.detail("\(image.name): \(mark.kind.rawValue): \(mark.reason)")
            }
            for name in image.inheritedArguments.sorted() {
                let value = image.arguments[name]
                let shown = image.hidesArgument(name) ? value.map { _ in SecretName.mask } : value
                terminal.note(
                    "\(image.name): argument \(name) is the caller's: "
                        + (shown ?? "not set, so the ARG has its default"))
            }
            if inspection.reasons.isEmpty { terminal.note("\(image.name) is up to date: no input changed") }
            if !inspection.reasons.isEmpty, session.configuration.selected.count > 1 { terminal.note("\(image.name):") }
            if !terminal.options.isJSON {
                for reason in inspection.reasons {
                    terminal.line(reason.description)
                    guard terminal.options.verbosity > 0 else { continue }
                    for line in try session.cache.history.difference(for: reason, in: inspection) {
                        terminal.line("  " + line)
                    }
                }
            }
            return inspection.json
        }
    }
}
