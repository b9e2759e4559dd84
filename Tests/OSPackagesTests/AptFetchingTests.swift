import OSTemplate
import Synchronization
import SystemCalls
import SystemPackage
import TestSupport
import Testing

@testable import OSPackages

@Suite(.enabled(if: DemoRepository.isAvailable && Requirements.tools("python3"))) struct AptFetchingTests {
    @Test func fetchesFromFoldersAndServers() async throws {
        try await Sandbox.with { sandbox in
            let demo = try await DemoRepository.make(in: sandbox)
            let source = demo.source()
            let local = try await source.resolve(demo.request(extras: ["toolbox"]), isOffline: false)
            let report = try await demo.cache("one").ensure(local.all, from: source, isOffline: false, workers: 3)
            #expect(report.downloaded == local.all)
            try await Mirror.with("repo", in: sandbox) { url in
                let remote = try await source.resolve(
                    demo.request(extras: ["toolbox"], url: url), isOffline: false)
                #expect(remote.all.map(\.sha256) == local.all.map(\.sha256))
                let cache = demo.cache("two")
                let seen = Seen()
                let report = try await cache.ensure(remote.all, from: source, isOffline: false, workers: 2) {
                    seen.note($0, $1)
                }
                #expect(report.downloaded == remote.all)
                #expect(seen.last == [report.bytesDownloaded, report.bytesDownloaded])
                let again = try await cache.ensure(remote.all, from: source, isOffline: true, workers: 2)
                #expect(again.cached == remote.all)
            }
        }
    }

    @Test func aMirrorThatDiesGivesTheRest() async throws {
        try await Sandbox.with { sandbox in
            let demo = try await DemoRepository.make(in: sandbox)
            let source = demo.source()
            let cache = demo.cache()
            let all = try await Mirror.with("repo", .dies, in: sandbox) { url in
                let all = try await source.resolve(
                    demo.request(extras: ["toolbox"], url: url), isOffline: false
                ).all
                let error = try await packageError {
                    _ = try await cache.ensure(all, from: source, isOffline: false, workers: 1)
                }
                #expect(error?.kind == .network, "\(String(describing: error))")
                #expect(error?.description.contains("_all.deb") ?? false)
                return all
            }
            #expect(try cache.inventory().count == 1)
            #expect(try Files.names(in: sandbox.path("pkgCache/.partial")).isEmpty)
            // The next build, with a mirror that lives, fetches only the rest.
            try await Mirror.with("repo", in: sandbox) { url in
                let same = try await source.resolve(demo.request(extras: ["toolbox"], url: url), isOffline: false).all
                #expect(same.map(\.sha256) == all.map(\.sha256))
                let report = try await cache.ensure(same, from: source, isOffline: false, workers: 2)
                #expect(report.cached.count == 1 && report.downloaded.count == 4)
            }
        }
    }

    @Test func aWrongPackageFromTheMirrorIsNamed() async throws {
        try await Sandbox.with { sandbox in
            let demo = try await DemoRepository.make(in: sandbox)
            let source = demo.source()
            let all = try await source.resolve(demo.request(), isOffline: false).all
            try await demo.shell("printf x | dd of=pool/lib_1.0_all.deb bs=1 seek=300 conv=notrunc 2>/dev/null")
            let error = try await packageError {
                _ = try await demo.cache().ensure(all, from: source, isOffline: false, workers: 2)
            }
            #expect(error?.kind == .untrusted, "\(String(describing: error))")
            #expect(error?.description.hasPrefix("cannot fetch lib_1.0_all.deb: ") ?? false)
            #expect(try demo.cache().inventory().map(\.name) == ["base_1%3a2.0+x_all.deb", "provider_3_all.deb"])
        }
    }

    @Test func cancellationEndsEveryProcess() async throws {
        try await Sandbox.with { sandbox in
            let demo = try await DemoRepository.make(in: sandbox)
            let source = demo.source()
            try await Mirror.with("repo", .stalls, in: sandbox) { url in
                let all = try await source.resolve(demo.request(url: url), isOffline: false).all
                let cache = demo.cache()
                let task = Task { try await cache.ensure(all, from: source, isOffline: false, workers: 2) }
                while try Self.processes(of: sandbox).isEmpty { try await Task.sleep(for: .milliseconds(20)) }
                task.cancel()
                await #expect(throws: CancellationError.self) { _ = try await task.value }
                // The kernel may take a moment to bury them.
                for _ in 0..<100 {
                    if try Self.processes(of: sandbox).isEmpty { break }
                    try await Task.sleep(for: .milliseconds(50))
                }
                #expect(try Self.processes(of: sandbox).isEmpty)
                #expect(try Files.names(in: sandbox.path("pkgCache/.partial")).isEmpty)
            }
        }
    }

    @Test func batchesAreOfAboutTheSameSize() throws {
        let packages = (1...10).map { HandMadePackages.package("p\($0)", [UInt8](repeating: 0, count: $0 * 10)) }
        let batches = AptSource.batches(of: packages, workers: 3)
        #expect(batches.count == 3)
        #expect(Set(batches.joined()) == Set(packages))
        let sizes = batches.map { FetchReport.bytes(of: $0) }
        #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 30)
        #expect(AptSource.batches(of: packages, workers: 0).count == 1)
        #expect(AptSource.batches(of: Array(packages.prefix(2)), workers: 16).count == 2)
    }

    /// Resolves the base of the distribution that this machine gets its own packages from, where it can be reached.
    @Test(.enabled(if: Files.exists("/usr/share/keyrings/debian-archive-keyring.gpg")))
    func resolvesARealDistribution() async throws {
        try await Sandbox.with { sandbox in
            let targets = try await sandbox.run(
                "apt-get", ["indextargets", "Created-By: Packages", "Component: main"])
            let stanzas = targets.output.split(separator: "\n\n").map { stanza in
                stanza.split(separator: "\n").reduce(into: [String: String]()) { fields, line in
                    let parts = line.split(separator: ":", maxSplits: 1)
                    if parts.count == 2 { fields[String(parts[0])] = String(parts[1].dropFirst()) }
                }
            }
            let found = stanzas.first { !($0["Release"] ?? "-").contains("-") && $0["Origin"] == "Debian" }
            guard let found, let url = found["Repo-URI"], let codename = found["Release"],
                let architecture = found["Architecture"]
            else { return }
            let key = FilePath("/usr/share/keyrings/debian-archive-keyring.gpg")
            let repository = PackageRepository(
                codename: codename, url: url, trust: .keyring(key), components: ["main"])
            let source = AptSource(stateFolder: sandbox.path("apt"), environment: sandbox.environment)
            let request = PackageRequest(
                provider: Provider(os: "real", dist: codename, arch: architecture, family: .deb),
                repositories: [repository], base: ["?essential"], extras: ["netbase"])
            let resolution: Resolution
            do {
                resolution = try await source.resolve(request, isOffline: false)
            } catch let error as PackageError where error.kind == .network {
                return
            }
            #expect(resolution.base.contains { $0.name == "libc6" && !$0.depends.isEmpty })
            #expect(resolution.extras.map(\.name) == ["netbase"])
            #expect(!resolution.signers.isEmpty)
        }
    }

    /// The processes of apt that work below a sandbox.
    private static func processes(of sandbox: Sandbox) throws -> [String] {
        try Files.names(in: "/proc").map(\.string).filter { name in
            guard Int(name) != nil else { return false }
            let words = (try? Files.read(FilePath("/proc/\(name)/cmdline"))) ?? nil
            let text = String(decoding: words ?? [], as: UTF8.self)
            if text.contains("apt-helper") && text.contains(sandbox.root.string) { return true }
            guard text.contains("/apt/methods/") else { return false }
            let environment = (try? Files.read(FilePath("/proc/\(name)/environ"))) ?? nil
            return String(decoding: environment ?? [], as: UTF8.self).contains(sandbox.root.string)
        }
    }

    /// What a progress line would show.
    private final class Seen: Sendable {
        private let numbers = Mutex<[Int64]>([])

        func note(_ done: Int64, _ total: Int64) { numbers.withLock { $0 = [done, total] } }

        var last: [Int64] { numbers.withLock { $0 } }
    }
}
