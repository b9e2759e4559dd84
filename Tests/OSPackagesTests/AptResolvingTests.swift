import Hashing
import OSTemplate
import SystemCalls
import SystemPackage
import TestSupport
import Testing

@testable import OSPackages

@Suite(.enabled(if: DemoRepository.isAvailable)) struct AptResolvingTests {
    @Test func resolvesBaseAndExtras() async throws {
        try await Sandbox.with { sandbox in
            let demo = try await DemoRepository.make(in: sandbox)
            let resolution = try await demo.source().resolve(
                demo.request(extras: ["toolbox"]), isOffline: false)
            #expect(
                resolution.base.map(\.fileName) == ["base_1%3a2.0+x_all.deb", "lib_1.0_all.deb", "provider_3_all.deb"])
            #expect(resolution.extras.map(\.name) == ["tool", "toolbox"])
            let base = try #require(resolution.base.first)
            #expect(base.version == "1:2.0+x")
            #expect(base.architecture == "all")
            #expect(base.depends == ["lib", "provider"])
            #expect(resolution.extras.map(\.depends) == [["lib"], ["tool"]])
            #expect(resolution.extras.map(\.source) == ["toolsource", nil])
            let file = try SHA256Digest.ofFile(sandbox.path("repo/pool/lib_1.0_all.deb"))
            #expect(resolution.base[1].sha256 == file.digest)
            #expect(resolution.base[1].size == file.size)
            let index = try #require(resolution.indexes.first)
            #expect(index.url == demo.url + "/dists/demo/InRelease")
            #expect(try SHA256Digest.ofFile(sandbox.path("repo/dists/demo/InRelease")).digest == index.sha256)
            #expect(index.signers.count == 1 && index.signers.allSatisfy { $0.count == 40 })

            // Offline the same comes of what is here, though the repository is gone.
            try await sandbox.run("rm", ["-r", "repo"]).check()
            let offline = try await demo.source().resolve(demo.request(extras: ["toolbox"]), isOffline: true)
            #expect(offline == resolution)
        }
    }

    @Test func namesWhatIsMissing() async throws {
        try await Sandbox.with { sandbox in
            let demo = try await DemoRepository.make(in: sandbox)
            let source = demo.source()
            var error = try await packageError {
                _ = try await source.resolve(demo.request(extras: ["toolbx"]), isOffline: false)
            }
            #expect(error?.kind == .unresolved)
            #expect(error?.description == "cannot resolve \"toolbx\": no repository has it")
            #expect(error?.hint == "did you mean toolbox?")
            error = try await packageError {
                _ = try await source.resolve(demo.request(extras: ["tool=9"]), isOffline: true)
            }
            #expect(error?.description == "cannot resolve the packages: Version '9' for 'tool' was not found")
            for word in ["-oDir=/", "./x.deb", "/x.deb", "tool-", "a b", ""] {
                error = try await packageError {
                    _ = try await source.resolve(demo.request(extras: [word]), isOffline: true)
                }
                #expect(error?.kind == .unresolved, "\(word)")
            }
            error = try await packageError {
                _ = try await demo.source("other").resolve(demo.request(), isOffline: true)
            }
            #expect(error?.kind == .offline)
        }
    }

    @Test func refusesWhatIsNotSigned() async throws {
        try await Sandbox.with { sandbox in
            let demo = try await DemoRepository.make(in: sandbox)
            let source = demo.source()
            _ = try await source.resolve(demo.request(), isOffline: false)
            func refusal(_ words: String, _ request: PackageRequest? = nil) async throws {
                for source in [source, demo.source("fresh")] {
                    let error = try await packageError {
                        _ = try await source.resolve(request ?? demo.request(), isOffline: false)
                    }
                    #expect(error?.kind == .untrusted, "\(words)")
                    #expect(error?.description.contains(words) ?? false, "\(words): \(String(describing: error))")
                    #expect(!(error?.description.contains("\n") ?? true))
                }
            }
            try await demo.shell("sed -i 's/^Codename/Kodename/' dists/demo/InRelease")
            try await refusal("BADSIG")
            try await demo.index(signature: "none")
            try await refusal(" signed")
            try await demo.index(fields: "Valid-Until: Mon, 30 Nov 2020 00:00:00 +0000\\n")
            try await refusal("is expired")
            try await demo.index()
            try await demo.shell(
                "sed -i s/lib/lob/ dists/demo/main/binary-amd64/Packages; rm -f dists/demo/main/*/*.gz")
            try await demo.shell("gzip -nk dists/demo/main/binary-amd64/Packages")
            let error = try await packageError {
                _ = try await demo.source("fresh2").resolve(demo.request(), isOffline: false)
            }
            #expect(error?.kind == .untrusted, "\(String(describing: error))")
            try await demo.index()
            try await sandbox.run(
                "sh",
                [
                    "-ec",
                    "mkdir -m 700 g2; export GNUPGHOME=$PWD/g2; gpg -q --batch --passphrase '' "
                        + "--quick-gen-key U ed25519 sign never 2>/dev/null; gpg --export >other.gpg; gpgconf --kill all",
                ]
            ).check()
            try await refusal("NO_PUBKEY", demo.request(trust: .keyring(sandbox.path("other.gpg"))))
        }
    }

    /// apt itself would believe an index on the disk.
    @Test func seesAnIndexThatChangedOnTheDisk() async throws {
        try await Sandbox.with { sandbox in
            let demo = try await DemoRepository.make(in: sandbox)
            let first = try await demo.source().resolve(demo.request(), isOffline: false)
            try await sandbox.run("sh", ["-ec", "sed -i s/lib/lob/ apt/*/lists/*_Packages"]).check()
            let error = try await packageError {
                _ = try await demo.source().resolve(demo.request(), isOffline: true)
            }
            #expect(error?.kind == .untrusted, "\(String(describing: error))")
            #expect(try await demo.source().resolve(demo.request(), isOffline: false) == first)
            try await sandbox.run("sh", ["-ec", "sed -i s/Codename/Kodename/ apt/*/lists/*_InRelease"]).check()
            let other = try await packageError {
                _ = try await demo.source().resolve(demo.request(), isOffline: true)
            }
            #expect(other?.kind == .untrusted, "\(String(describing: other))")
            #expect(try await demo.source().resolve(demo.request(), isOffline: false) == first)
        }
    }

    @Test func pinsByHostOrSuite() async throws {
        try await Sandbox.with { sandbox in
            let demo = try await DemoRepository.make(in: sandbox)
            var request = demo.request(base: [], extras: ["tool"])
            request.repositories[0].allowPackages = ["base", "tool*"]
            let error = try await packageError {
                _ = try await demo.source().resolve(request, isOffline: false)
            }
            #expect(error?.kind == .unresolved)
            #expect(error?.description.contains("lib") ?? false, "\(String(describing: error))")
            request.repositories[0].allowPackages.append("lib")
            request.repositories[0].priority = 900
            let resolution = try await demo.source().resolve(request, isOffline: false)
            #expect(resolution.extras.map(\.name) == ["lib", "tool"])

            // Two repositories, the same package in both: the higher priority wins over the higher version.
            var other = demo.request().repositories[0]
            other.url = "http://127.0.0.1/else"
            other.priority = 1
            request.repositories.append(other)
            let pins = try AptConfiguration.pins(request.repositories)
            #expect(pins.contains("Pin: origin \"\"\nPin-Priority: 900"))
            #expect(pins.contains("Package: *\nPin: origin \"\"\nPin-Priority: -1"))
            #expect(pins.contains("Package: *\nPin: origin \"127.0.0.1\"\nPin-Priority: 1\n"))
            other.url = request.repositories[0].url + "/other"
            #expect(throws: PackageError.self) { try AptConfiguration.pins([request.repositories[0], other]) }
            other.codename = "next"
            #expect(
                try AptConfiguration.pins([request.repositories[0], other]).contains(
                    "Package: *\nPin: release n=next\nPin-Priority: 1\n"))
        }
    }

    @Test func takesKeysAsTheyCome() async throws {
        try await Sandbox.with { sandbox in
            let demo = try await DemoRepository.make(in: sandbox)
            let first = try await demo.source().resolve(demo.request(), isOffline: false)
            for trust in [
                PackageRepository.Trust.keyring(sandbox.path("key.asc")),
                .url("file://\(sandbox.path("key.asc"))"), .url("file:\(sandbox.path("key.gpg"))"),
            ] {
                #expect(try await demo.source().resolve(demo.request(trust: trust), isOffline: false) == first)
                #expect(try await demo.source().resolve(demo.request(trust: trust), isOffline: true) == first)
            }
            try await demo.index(signature: "Release.gpg")
            let detached = try await demo.source().resolve(demo.request(), isOffline: false)
            #expect(detached.signers == first.signers)
            #expect(detached.indexes.map(\.url) == [demo.url + "/dists/demo/Release"])
            try await demo.index(signature: "none")
            let unchecked = try await demo.source().resolve(demo.request(trust: .unchecked), isOffline: false)
            #expect(unchecked.base == first.base)
            #expect(unchecked.signers.isEmpty)
            try sandbox.write("nokey", "not a key\n")
            let error = try await packageError {
                let request = demo.request(trust: .keyring(sandbox.path("nokey")))
                _ = try await demo.source().resolve(request, isOffline: false)
            }
            #expect(error?.kind == .untrusted)
        }
    }
}
