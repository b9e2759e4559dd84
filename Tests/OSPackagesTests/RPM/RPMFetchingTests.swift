import OSPackages
import OSTemplate
import SystemPackage
import TestSupport
import Testing

@Suite("RPM: fetching and signatures", .enabled(if: RPMFixture.isAvailable, "dnf, rpmbuild or gpg is missing"))
struct RPMFetchingTests {
    @Test("files are fetched under their names; what is not there, or is longer or shorter, is left out and said")
    func fetching() async throws {
        try await RPMFixture.with { fixture in
            let sandbox = fixture.sandbox
            let all = try await fixture.source.resolve(fixture.request(), isOffline: false).all
            try sandbox.write("into/.keep", "")
            try await sandbox.run("rm", ["repo/beta-1.0-1.noarch.rpm"]).check()
            try sandbox.write("repo/delta-1.0-1.noarch.rpm", "short")
            let gamma = "gamma-1.0-1.noarch.rpm"
            try sandbox.write("repo/\(gamma)", bytes: try sandbox.read("repo/\(gamma)") + [0])
            try await fixture.source.fetch(all, into: sandbox.path("into"), workers: 3)
            #expect(try await sandbox.run("ls", ["into"]).lines == ["alpha-1.0-1.noarch.rpm"])
            #expect(try sandbox.read("into/alpha-1.0-1.noarch.rpm") == sandbox.read("repo/alpha-1.0-1.noarch.rpm"))
            for name in ["beta", "delta", "gamma"] {
                #expect(fixture.lines.all.contains { $0.hasPrefix("cannot fetch \(name)-1.0-1.noarch.rpm: ") })
            }
            let error = await #expect(throws: PackageError.self) {
                try await fixture.source.fetch([all[1]], into: sandbox.path("into"), workers: 1)
            }
            #expect(error?.kind == .network)
            #expect(try sandbox.leftBehind() == [])
        }
    }

    @Test("over HTTP, resolving and fetching alike")
    func http() async throws {
        try await RPMFixture.with { fixture in
            let sandbox = fixture.sandbox
            let port = Int.random(in: 20_000..<32_000)
            let server = try ChildProcess(
                Sandbox.find("python3", in: sandbox.environment["PATH"] ?? ""),
                ["-m", "http.server", "--bind", "127.0.0.1", "--directory", sandbox.path("repo").string, "\(port)"],
                environment: sandbox.environment)
            defer { server.end() }
            let request = fixture.request([fixture.repository(url: "http://127.0.0.1:\(port)/")])
            var error = try await fixture.refusal(request)
            for _ in 0..<20 where error?.kind == .network {
                try await Task.sleep(for: .milliseconds(200))
                error = try await fixture.refusal(request)
            }
            #expect(error == nil)
            let all = try await fixture.source.resolve(request, isOffline: false).all
            #expect(all.first?.url == "http://127.0.0.1:\(port)/alpha-1.0-1.noarch.rpm")
            try sandbox.write("into/.keep", "")
            try await fixture.source.fetch(all, into: sandbox.path("into"), workers: 2)
            #expect(try await sandbox.run("diff", ["-r", "-x", "repodata", "-x", ".keep", "into", "repo"]).status == 0)
        }
    }

    @Test("a package's own signature is looked at, by the keys of its repository")
    func signatures() async throws {
        try await RPMFixture.with { fixture in
            let sandbox = fixture.sandbox
            let alpha = try #require(
                try await fixture.source.resolve(fixture.request(), isOffline: false).base.first)
            func complaint(_ file: String, _ source: RPMSource? = nil) async throws -> String? {
                try await (source ?? fixture.source).complaint(about: sandbox.path(file), package: alpha)
            }
            let good = "repo/\(alpha.fileName)"
            #expect(try await complaint(good) == nil)
            let size = try sandbox.read(good).count
            // Room that rpmsign leaves is covered by no signature: that is the digest's business.
            for place in [120, 300, size - 1_000, size - 300, size - 1] {
                try sandbox.write("flipped.rpm", bytes: try sandbox.read(good))
                try fixture.flip("flipped.rpm", at: place)
                #expect(try await complaint("flipped.rpm") != nil, "byte \(place)")
            }
            try await sandbox.run("cp", [good, "bare.rpm"]).check()
            try await sandbox.run("rpmsign", ["--delsign", "bare.rpm"]).check()
            #expect(try await complaint("bare.rpm") == "it is not signed")
            try sandbox.write("junk.rpm", "junk")
            #expect(try await complaint("junk.rpm") != nil)

            // Another run, which has a lock file and resolves nothing: what is remembered counts, or the template.
            let other = RPMFixture(sandbox).source
            #expect(try await complaint(good, other) == nil)
            #expect(try await complaint("bare.rpm", other) == "it is not signed")
            try await sandbox.run("rm", ["state/trusted.json"]).check()
            let unknown = RPMFixture(sandbox).source
            let reason = "it comes from no repository whose keys are known here"
            #expect(try await complaint(good, unknown) == reason)
            try await unknown.trust([fixture.repository()], of: RPMFixture.provider, isOffline: true)
            #expect(try await complaint(good, unknown) == nil)
            let results = try await withThrowingTaskGroup { group in
                for _ in 0..<8 {
                    group.addTask {
                        try await unknown.complaint(about: sandbox.path(good), package: alpha)
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(results == Array(repeating: nil, count: 8))
            try await sandbox.makeForeignKey("foreign")
            let foreign = fixture.repository(.keyring(sandbox.path("foreign.asc")))
            try await other.trust([foreign], of: RPMFixture.provider, isOffline: true)
            #expect(try await complaint(good, other) == "it is signed by a key that its repository does not trust")
            try await other.trust([fixture.repository(.unchecked)], of: RPMFixture.provider, isOffline: true)
            #expect(try await complaint("bare.rpm", other) == nil)
        }
    }
}
