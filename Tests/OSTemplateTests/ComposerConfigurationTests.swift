import JSON
import SystemPackage
import TestSupport
import Testing

@testable import OSTemplate

@Suite struct ComposerConfigurationTests {
    private func load(_ sandbox: Sandbox, _ text: String) throws -> ComposerConfiguration {
        try sandbox.write("config.yml", text)
        return try ComposerConfiguration.load(sandbox.path("config.yml"), environment: [:])
    }

    @Test func defaults() {
        let configuration = ComposerConfiguration()
        #expect(configuration.cacheFolder == "/var/cache/os-image-composer")
        #expect(configuration.workFolder == "/var/tmp/os-image-composer")
        #expect(configuration.temporaryFolder == "/tmp")
        #expect(configuration.workers == 16)
        #expect(configuration.packageCache == .init())
        #expect(configuration.packageCache.maximumBytes == 10 << 30)
        #expect(configuration.packageCache.retentionDays == 30)
        #expect(configuration.imageCache.maximumCount == 5)
        #expect(configuration.imageCache.maximumBytes == nil)
    }

    @Test func everyKey() async throws {
        try await Sandbox.with { sandbox in
            var configuration = try load(
                sandbox,
                """
                cache_dir: /srv/cache
                work_dir: work
                temp_dir: /var/tmp/../tmp2
                workers: 3
                storage:
                  package_cache: {enabled: false, max_size_gb: 0.5, retention_days: 0}
                  image_cache: {enabled: false, max_count: 2, max_size_gb: 20, warn_size_gb: 5, critical_size_gb: 8}
                """)
            #expect(configuration.cacheFolder == "/srv/cache")
            #expect(configuration.workFolder.string.hasSuffix("/work") && configuration.workFolder.isAbsolute)
            #expect(configuration.temporaryFolder == "/var/tmp2")
            #expect(configuration.workers == 3)
            #expect(!configuration.packageCache.isEnabled && !configuration.imageCache.isEnabled)
            #expect(configuration.packageCache.maximumBytes == 1 << 29)
            #expect(configuration.packageCache.retentionDays == nil)
            #expect(configuration.imageCache.maximumCount == 2)
            #expect(configuration.imageCache.maximumBytes == 20 << 30)
            #expect(configuration.imageCache.warnBytes == 5 << 30)
            #expect(configuration.imageCache.criticalBytes == 8 << 30)
            let file = sandbox.path("config.yml").string
            #expect(configuration.lines.contains("cache_dir = /srv/cache (\(file):1)"))
            #expect(configuration.lines.contains("storage.package_cache.max_size_gb = 0.5 (\(file):6)"))
            #expect(configuration.lines.contains("storage.package_cache.retention_days = no bound (\(file):6)"))
            #expect(configuration.json["workers"]?["value"] == 3)
            #expect(configuration.json["workers"]?["source"]?.string == "\(file):4")
            configuration.cacheFolder = "/other"
            #expect(configuration.lines.contains("cache_dir = /other (command line)"))
            #expect(ComposerConfiguration().lines.contains("workers = 16 (default)"))
        }
    }

    @Test func anEmptyFileIsTheDefaults() async throws {
        try await Sandbox.with { sandbox in
            let configuration = try load(sandbox, "# nothing\n")
            #expect(configuration == ComposerConfiguration())
        }
    }

    @Test(
        arguments: [
            ("cache_dr: /x\n", ":1: unknown key \"cache_dr\"", "did you mean cache_dir?"),
            ("workers: 0\n", ":1: workers has to be a whole number from 1 to 64", "without quotes"),
            ("workers: many\n", ":1: workers has to be a whole number", "without quotes"),
            ("logging: {level: debug}\n", ":1: logging is not supported", "--verbose"),
            ("ai: {provider: x}\n", ":1: ai is not supported", "people"),
            ("config_dir: /x\n", ":1: config_dir is not supported", "built in"),
            ("cache_dir: [a]\n", ":1: cache_dir has to be text", "cache_dir: TEXT"),
            (
                "storage:\n  package_cache: {max_size: 3}\n", ":2: unknown key \"storage.package_cache.max_size\"",
                "max_size_gb"
            ),
            (
                "storage:\n  image_cache: {max_size_gb: big}\n",
                ":2: storage.image_cache.max_size_gb has to be a number", "0.5"
            ),
            (
                "storage:\n  image_cache: {max_size_gb: -1}\n",
                ":2: storage.image_cache.max_size_gb has to be a number", "0.5"
            ),
            (
                "storage:\n  image_cache: {warn_size_gb: 9, critical_size_gb: 8}\n",
                ":2: storage.image_cache.warn_size_gb is above", "smaller"
            ),
            ("- a\n", ":1: a configuration is a map", "cache_dir"),
        ])
    func refused(_ text: String, _ words: String, _ hint: String) async throws {
        try await Sandbox.with { sandbox in
            do {
                _ = try load(sandbox, text)
                Issue.record("it was accepted")
            } catch let error as TemplateError {
                #expect(error.description.contains(words), "\(error)")
                #expect(error.hint?.contains(hint) == true, "\(error.hint ?? "")")
            }
        }
    }

    @Test func aNamedFileHasToExist() {
        #expect(throws: TemplateError.self) {
            try ComposerConfiguration.load("/nonexistent/config.yml", environment: [:])
        }
    }
}
