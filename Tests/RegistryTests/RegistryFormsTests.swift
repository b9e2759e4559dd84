import OCI
import TestSupport
import Testing

@testable import Registry

@Suite struct RegistryFormsTests {
    @Test func referencesHaveTheirParts() throws {
        let tagged = try RegistryReference("docker.io/library/python:3.10-slim")
        #expect(tagged.host == "registry-1.docker.io")
        #expect(tagged.repository == "library/python")
        #expect(tagged.manifestName == "3.10-slim")
        #expect(tagged.digest == nil)
        let pinned = try RegistryReference("[::1]:5000/a/b:1@sha256:00")
        #expect(pinned.host == "[::1]:5000")
        #expect(pinned.tag == "1")
        #expect(pinned.manifestName == "sha256:00")
        #expect(try RegistryReference("localhost/base:1").isLocal)
        #expect(try !RegistryReference("localhost:5000/base:1").isLocal)
    }

    @Test(arguments: ["python", "python:1", "/a:1", "quay.io/a", "quay.io/../a:1", "quay.io/a b:1", "quay.io/a:.1"])
    func whatIsNoReferenceIsRefused(text: String) {
        #expect(throws: OCIError.self) { try RegistryReference(text) }
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
