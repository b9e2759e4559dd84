import ArgumentParser
import CommandSession
import Console
import ImageCache
import JSON
import SystemCalls

/// `cache-image verify`: reads every byte of an entry.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Read everything: archive, blobs, pointer, sidecar and record must agree.")

    @OptionGroup var images: ImageOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        let session = try Session(global) { images.apply(to: &$0) }
        let terminal = session.terminal
        try await session.forEachImage { image in
            if !image.isCached {
                if !images.images.isEmpty { throw CacheError.notCached(image: image.name.description) }
                return ["image": .string(image.name.description), "state": .null, "problems": .array([])]
            }
            let result = try await session.cache.verifier.verify(image)
            if let problem = result.problems.first {
                for problem in result.problems.dropFirst() { terminal.note("\(image.name): \(problem)") }
                terminal.report(
                    Failure(
                        .corrupt, "cannot trust the entry of \(image.name): \(problem)",
                        hint: "cache-image update \(image.name)"))
                session.noteStatus(.corrupt)
            } else if !terminal.options.isJSON {
                terminal.line("verified \(image.name) \(result.state.rawValue) \(Quantity.bytes(Size(result.size)))")
            }
            return [
                "image": .string(image.name.description), "state": .string(result.state.rawValue),
                "size": .integer(result.size), "problems": .strings(result.problems),
            ]
        }
    }
}
