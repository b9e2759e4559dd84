import SystemPackage
import TestSupport

@testable import OSTemplate

/// Templates in a sandbox whose machine has no sources of apt.
struct Trial {
    /// What every template needs, in four lines.
    static let head = """
        image:
          name: edge
          version: 1.0.0
        target: {os: debian, dist: bookworm, arch: x86_64, imageType: raw}

        """

    let sandbox: Sandbox

    /// Loads a text as `t.yml`.
    func load(_ text: String) throws -> OSTemplate {
        try sandbox.write("t.yml", text)
        return try load()
    }

    /// Loads the file `t.yml`.
    func load() throws(TemplateError) -> OSTemplate {
        try OSTemplate.load(sandbox.path("t.yml"), machine: sandbox.path("machine"))
    }

    /// The mistakes of a text, each as `LINE: MESSAGE [HINT]`.
    func mistakes(_ text: String) throws -> [String] {
        try sandbox.write("t.yml", text)
        return mistakes()
    }

    /// The mistakes of `t.yml`, each as `LINE: MESSAGE [HINT]`; the file is named where it is another one.
    func mistakes() -> [String] {
        do throws(TemplateError) {
            _ = try load()
            return []
        } catch {
            return error.mistakes.map { mistake in
                let name = FilePath(mistake.file).lastComponent?.string ?? ""
                return (name == "t.yml" ? "" : name + ":")
                    + "\(mistake.line): \(mistake.message) [\(mistake.hint ?? "")]"
            }
        }
    }

    /// Makes a trial in a sandbox of its own.
    static func with<Result>(_ body: (Trial) async throws -> Result) async throws -> Result {
        try await Sandbox.with { try await body(Trial(sandbox: $0)) }
    }
}
