import ArgumentParser
import CommandSession
import Console
import Context
import ImageCache
import JSON
import OCI
import SystemCalls

/// `cache-image inputs`: what decides an image.
struct InputsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inputs", abstract: "Show what decides an image: files, arguments, base images, instructions.")

    @OptionGroup var images: ImageOptions
    @Flag(help: "Print only the key.")
    var key = false
    @Flag(help: "Read every file again and compare with what the caches say.")
    var verify = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        let session = try Session(global) { images.apply(to: &$0) }
        let terminal = session.terminal
        try await session.forEachImage { image in
            let recipe = try session.cache.reader.recipe(of: image)
            let inputs = recipe.inputs
            if verify {
                let differences = try recipe.verify(repository: session.cache.repository)
                guard differences.isEmpty else {
                    throw Failure(
                        .corrupt, "cannot trust the digests of \(image.name): \(differences[0])",
                        hint: "the stat cache and the memo can be deleted at any time")
                }
                terminal.note("\(image.name): all files were read, and all digests agree")
            }
            if terminal.options.isJSON { return inputs.fullRecord(repository: session.cache.repository).json }
            for line in key ? [inputs.key.hexadecimal] : Self.lines(inputs) { terminal.line(line) }
            return nil
        }
    }

    /// The inputs as lines: key, marks, arguments, base images, files.
    private static func lines(_ inputs: ImageInputs) -> [String] {
        let record = inputs.record
        var lines = ["\(record.image) \(record.key.hexadecimal)"]
        if let recipe = record.recipe {
            lines.append("  \(recipe) \(record.template["file"]?.string ?? "-")")
        } else {
            lines.append("  dockerfile \(record.dockerfile)" + (record.target.map { ", target \($0)" } ?? ""))
        }
        lines.append("  platform \(record.platform?.description ?? "-")")
        for mark in record.marks { lines.append("  \(mark.kind.rawValue): \(mark.reason)") }
        for base in record.bases {
            let identity =
                switch base.identity {
                case .content(let digest), .key(let digest): digest.short
                case .reference: base.reference.digest == nil ? "unlocked" : "pinned"
                }
            lines.append("  base \(base.reference) \(identity)")
        }
        for argument in record.arguments {
            let value = argument.json["value"]?.string ?? (argument.isSecret ? SecretName.mask : "unset")
            lines.append("  arg \(argument.name)=\(value)")
        }
        for file in record.template["outside"]?.members ?? [] { lines.append("  file \(file.name)") }
        for file in record.files { lines.append("  file \(file.path.percentEncoded)") }
        return lines
    }
}
