import OCI
import TestSupport
import Testing

@testable import Registry

@Suite struct RegistryFormsTests {
    @Test func aReferenceLeadsToItsHostAndManifest() throws {
        let tagged = try ImageReference("python:3.10-slim")
        #expect(tagged.host == "registry-1.docker.io")
        #expect(tagged.manifestName == "3.10-slim")
        let digest = "sha256:" + String(repeating: "0", count: 64)
        let pinned = try ImageReference("[::1]:5000/a/b:1@" + digest)
        #expect(pinned.host == "[::1]:5000")
        #expect(pinned.manifestName == digest)
    }

    @Test func challengesAreRead() {
        let fields = [
            #"Bearer realm="https://a.example/token",service="a,\"b\"" , scope="repository:x:pull,push", Basic realm=x"#,
            "Negotiate",
        ]
        let challenges = Challenge.parse(fields)
        #expect(challenges.map(\.scheme) == ["bearer", "basic", "negotiate"])
        #expect(
            challenges[0].parameters == [
                "realm": "https://a.example/token", "service": #"a,"b""#, "scope": "repository:x:pull,push",
            ])
        #expect(challenges[1].parameters == ["realm": "x"])
    }

    @Test(arguments: ["", ",,", "=", "a=b", #"Bearer realm="x"#, #"Bearer realm=""#, "\"", #"B \"#, "B a=,b==,c"])
    func damagedChallengesEnd(field: String) {
        _ = Challenge.parse([field])
    }

    @Test func anyFieldIsReadToItsEnd() {
        var generator = SeededGenerator()
        let pieces = ["Bearer", "realm", "=", "\"", "\\", ",", " ", "\t", "x", "é", "\0"]
        for _ in 0..<2000 {
            let count = Int.random(in: 0..<20, using: &generator)
            let field = (0..<count).compactMap { _ in pieces.randomElement(using: &generator) }.joined()
            let challenges = Challenge.parse([field])
            #expect(challenges.count <= field.utf8.count)
        }
    }

    @Test func aManifestIsOfOneKind() throws {
        let config =
            #""config": {"mediaType": "x", "digest": "sha256:\#(String(repeating: "0", count: 64))", "size": 1}"#
        #expect(throws: OCIError.self) { try Manifest(parsing: Array("{\(config), \"manifests\": []}".utf8)) }
        #expect(throws: OCIError.self) { try Manifest(parsing: Array("{}".utf8)) }
        #expect(throws: OCIError.self) { try Manifest(parsing: Array("<html>".utf8)) }
        guard case .image = try Manifest(parsing: Array("{\(config)}".utf8)) else {
            Issue.record("no image")
            return
        }
    }

    @Test func registriesConfNamesInsecureHosts() {
        let text = """
            unqualified-search-registries = ["docker.io"]
            [[registry]]
            location = "plain.example:5000" # our own
            insecure = true
            [[registry.mirror]]
            location = "mirror.example"
            insecure = true
            [[registry]]
            prefix = "part.example/team"
            insecure=true
            [[registry]]
            location = "safe.example"
            insecure = false
            """
        #expect(RegistryTrust.insecureHosts(text) == ["plain.example:5000"])
    }

    @Test func thisMachineNeedsNoCertificate() {
        let trust = RegistryTrust(environment: [:])
        for host in ["localhost", "localhost:5000", "127.0.0.1:5000", "127.1.2.3", "[::1]:5000", "[::1]"] {
            #expect(trust.isInsecure(host), "\(host)")
        }
        for host in ["quay.io", "localhost.example", "127.0.0.1.example", "127.0.0.1.example:80", "[::2]", "128.0.0.1"]
        {
            #expect(!trust.isInsecure(host), "\(host)")
        }
    }
}
