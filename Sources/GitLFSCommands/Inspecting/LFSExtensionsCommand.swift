import ArgumentParser
import CommandSession
import LFS

/// `cache-image lfs ext`: the pointer extensions that are configured; none is run by this program.
struct LFSExtensionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ext", abstract: "List the pointer extensions that are configured.")

    @Argument(help: ArgumentHelp("list, and names.", valueName: "name")) var words: [String] = []
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        try await LFSPlace.run(global) { place in
            guard let session = place.session else { return 0 }
            let configuration = try session.repository.configuration()
            let names = configuration.subsections(of: "lfs.extension", variable: "clean").map(\.name)
            let wanted = words.dropFirst()
            let items = names.map { name in
                func value(_ key: String) -> String { configuration.string("lfs.extension.\(name).\(key)") ?? "" }
                return (name, value("clean"), value("smudge"), value("priority"))
            }.filter { wanted.isEmpty || wanted.contains($0.0) }
            for (name, clean, smudge, priority) in items.sorted(by: { $0.3 < $1.3 }) {
                PlainOutput.print("Extension: \(name)")
                PlainOutput.print("    clean = \(clean)")
                PlainOutput.print("    smudge = \(smudge)")
                PlainOutput.print("    priority = \(priority)")
            }
            return 0
        }
    }
}
