import Configuration
import Foundation
import SystemPackage
import TestSupport
import Testing

/// Damaged files end in a configuration or in a `ConfigurationError`, never in a crash; FUZZ_ROUNDS sets how many are tried.
@Suite struct ConfigurationFuzzTests {
    @Test func aDamagedFileIsReadOrRefused() async throws {
        let rounds = Int(ProcessInfo.processInfo.environment["FUZZ_ROUNDS"] ?? "") ?? 200
        try await Sandbox.with { sandbox in
            var generator = SeededGenerator()
            for _ in 0..<rounds {
                let bytes = Self.damaged(Array(ProjectConfigurationTests.full.utf8), using: &generator)
                try sandbox.write("cache-image.yml", bytes: bytes)
                do throws(ConfigurationError) {
                    _ = try ProjectConfiguration.load(
                        Overrides(), from: sandbox.root, workTree: sandbox.root, environment: [:])
                } catch {
                    let text = String(decoding: bytes, as: UTF8.self)
                    #expect(error.description.hasPrefix("cannot "), "\(error) for \(text) (seed \(generator.seed))")
                }
            }
        }
    }

    static func damaged(_ bytes: [UInt8], using generator: inout some RandomNumberGenerator) -> [UInt8] {
        let tokens = [
            "*a", "&a ", "<<: ", "- ", "? ", "!!set ", "\t", "\u{FEFF}", "{", "]", "|\n", "---\n", "\"", "%", "~", "-1",
            "1e9",
        ]
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let start = Int.random(in: 0..<max(1, bytes.count), using: &generator)
            let end = min(bytes.count, start + Int.random(in: 0...12, using: &generator))
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: bytes.removeSubrange(start..<end)
            case 1: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: start)
            case 2: bytes.insert(contentsOf: (tokens.randomElement(using: &generator) ?? "").utf8, at: start)
            default: bytes.insert(contentsOf: bytes[start..<end], at: start)
            }
            if bytes.isEmpty { break }
        }
        return bytes
    }
}
