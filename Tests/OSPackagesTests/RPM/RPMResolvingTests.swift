import Hashing
import OSPackages
import OSTemplate
import SystemPackage
import TestSupport
import Testing

@Suite("RPM: resolving with dnf", .enabled(if: RPMFixture.isAvailable, "dnf, rpmbuild, createrepo_c or gpg is missing"))
struct RPMResolvingTests {
    @Test("the closure of base and extras, with what the signed index says; the same offline")
    func closure() async throws {
        try await RPMFixture.with { fixture in
            let sandbox = fixture.sandbox
            let found = try await fixture.source.resolve(fixture.request(), isOffline: false)
            #expect(found.base.map(\.name) == ["alpha"])
            #expect(found.extras.map(\.name) == ["beta", "delta", "gamma"])
            #expect(found.extras.map(\.depends) == [["alpha"], ["gamma"], ["beta"]])
            #expect(found.all.map(\.source) == [nil, "alpha", "alpha", "alpha"])
            for package in found.all {
                #expect(package.fileName == "\(package.name)-1.0-1.noarch.rpm")
                #expect(package.version == "1.0-1" && package.architecture == "noarch")
                let bytes = try sandbox.read("repo/\(package.fileName)")
                #expect(package.size == Int64(bytes.count) && package.sha256 == SHA256Digest(of: bytes))
                #expect(package.url == "file://\(sandbox.path("repo"))/\(package.fileName)")
            }
            let index = try #require(found.indexes.first)
            let fingerprint = try sandbox.text("fingerprint").filter { $0 != "\n" }
            #expect(index.signers == [fingerprint] && found.indexes.count == 1)
            #expect(try index.sha256 == SHA256Digest(of: sandbox.read("repo/repodata/repomd.xml")))
            #expect(index.url == "file://\(sandbox.path("repo"))/repodata/repomd.xml")
            #expect(try sandbox.leftBehind() == [])

            try await sandbox.run("mv", ["repo", "gone"]).check()
            let offline = try await RPMFixture(sandbox).source.resolve(fixture.request(), isOffline: true)
            #expect(offline == found)
            #expect(try await fixture.refusal(fixture.request())?.kind == .network)
        }
    }

    @Test("what cannot be had is named")
    func unresolved() async throws {
        try await RPMFixture.with { fixture in
            let offline = try #require(try await fixture.refusal(fixture.request(), isOffline: true))
            #expect(offline.kind == .offline && offline.description.contains("tests"), "\(offline)")
            let error = try #require(try await fixture.refusal(fixture.request(extras: ["delta", "nonesuch"])))
            #expect(error.kind == .unresolved)
            #expect(error.description == "cannot resolve nonesuch: no repository has it")
            let only = fixture.request([fixture.repository(allow: ["delta", "alpha"])])
            let broken = try #require(try await fixture.refusal(only))
            #expect(broken.kind == .unresolved && broken.description.contains("virtual-thing"), "\(broken)")
            #expect(!broken.description.contains("\n"))
            let virtual = try await fixture.source.resolve(
                fixture.request(base: ["virtual-thing"], extras: []), isOffline: false)
            #expect(virtual.base.map(\.name) == ["alpha", "beta", "gamma"] && virtual.extras == [])
        }
    }

    @Test("indexes that nobody trusted signed are refused, and used where the template says trusted=yes")
    func untrusted() async throws {
        try await RPMFixture.with { fixture in
            let sandbox = fixture.sandbox
            let good = fixture.request()
            #expect(try await fixture.refusal(good) == nil)
            // A byte in the index, also when a good one was read before.
            try fixture.flip("repo/repodata/repomd.xml", at: try sandbox.read("repo/repodata/repomd.xml").count - 8)
            try await expectUntrusted(good, fixture)
            try await expectUntrusted(good, RPMFixture(sandbox))
            try fixture.flip("repo/repodata/repomd.xml", at: try sandbox.read("repo/repodata/repomd.xml").count - 8)
            #expect(try await fixture.refusal(good) == nil)
            // Another key.
            try await sandbox.makeForeignKey("foreign")
            try await expectUntrusted(
                fixture.request([fixture.repository(.keyring(sandbox.path("foreign.asc")))]), fixture)
            // No signature at all.
            try await sandbox.run("rm", ["-r", "state", "repo/repodata/repomd.xml.asc"]).check()
            try await expectUntrusted(good, fixture)
            let unchecked = try await fixture.source.resolve(
                fixture.request([fixture.repository(.unchecked)]), isOffline: false)
            #expect(unchecked.all.count == 4 && unchecked.signers == [])
            #expect(try sandbox.leftBehind() == [])
        }
    }

    @Test("package lists that differ from what the signed index says are refused", arguments: [false, true])
    func tamperedLists(inCache: Bool) async throws {
        try await RPMFixture.with { fixture in
            if inCache { #expect(try await fixture.refusal(fixture.request()) == nil) }
            let folder = inCache ? "state/cache" : "repo/repodata"
            let names = try await fixture.sandbox.run("find", [folder, "-name", "*-primary.xml.*"]).lines
            try fixture.flip(try #require(names.first), at: 100)
            try await expectUntrusted(fixture.request(), fixture, isOffline: inCache)
        }
    }

    @Test("keys of every form: bare, several in one file, downloaded")
    func keys() async throws {
        try await RPMFixture.with { fixture in
            let sandbox = fixture.sandbox
            try await sandbox.makeForeignKey("foreign")
            try await sandbox.run(
                "bash",
                ["-ec", "gpg --dearmor < key.asc > one; gpg --dearmor < foreign.asc > two; cat two one > both.gpg"]
            ).check()
            try sandbox.write("both.asc", try sandbox.text("foreign.asc") + sandbox.text("key.asc"))
            let download = PackageRepository.Trust.url("file://\(sandbox.path("key.asc"))")
            for trust in [.keyring(sandbox.path("both.gpg")), .keyring(sandbox.path("both.asc")), download] {
                let request = fixture.request([fixture.repository(trust)])
                let found = try await fixture.source.resolve(request, isOffline: false)
                #expect(found.signers.count == 1)
                let alpha = try #require(found.base.first)
                let file = sandbox.path("repo/\(alpha.fileName)")
                #expect(try await fixture.source.complaint(about: file, package: alpha) == nil, "\(trust)")
            }
            try await sandbox.run("rm", ["key.asc"]).check()
            let kept = fixture.request([fixture.repository(download)])
            #expect(try await fixture.refusal(kept, isOffline: true) == nil)
            #expect(try await fixture.refusal(kept)?.kind == .network)
            #expect(try await fixture.refusal(fixture.request())?.kind == .file)
            try sandbox.write("key.asc", "no key")
            try await expectUntrusted(fixture.request(), fixture)
        }
    }

    @Test("a build that is given up leaves no process")
    func cancelled() async throws {
        try await RPMFixture.with { fixture in
            for milliseconds in [50, 250, 450] {
                let task = Task { try await fixture.source.resolve(fixture.request(), isOffline: false) }
                try await Task.sleep(for: .milliseconds(milliseconds))
                task.cancel()
                _ = await task.result
                // What was killed takes a moment to be gone.
                var left = try fixture.sandbox.leftBehind()
                for _ in 0..<20 where !left.isEmpty {
                    try await Task.sleep(for: .milliseconds(50))
                    left = try fixture.sandbox.leftBehind()
                }
                #expect(left == [])
            }
            #expect(try await fixture.refusal(fixture.request()) == nil)
        }
    }

    private func expectUntrusted(
        _ request: PackageRequest, _ fixture: RPMFixture, isOffline: Bool = false,
        location: SourceLocation = #_sourceLocation
    ) async throws {
        let error = try await fixture.refusal(request, isOffline: isOffline)
        let text = error?.description ?? "nothing"
        #expect(error?.kind == .untrusted, "\(text)", sourceLocation: location)
        #expect(text.hasPrefix("cannot trust repository tests: "), "\(text)", sourceLocation: location)
        #expect(!text.contains("\n"), sourceLocation: location)
    }
}
