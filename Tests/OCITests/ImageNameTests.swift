import OCI
import Testing

@Suite struct ImageNameTests {
    @Test(arguments: [
        ("app", "app:latest"), ("app:1", "app:1"), ("team/app:v1.2-x_y", "team/app:v1.2-x_y"),
        ("ghcr.io/team/app", "ghcr.io/team/app:latest"), ("localhost:5000/a:b", "localhost:5000/a:b"),
        ("a__b-c---d.e_f:T", "a__b-c---d.e_f:T"),
    ])
    func aValidNameIsRead(text: String, expected: String) throws {
        #expect(try ImageName(text).description == expected)
    }

    @Test(arguments: [
        "", ":", "a:", "App", "a//b", "/a", "a/", "a b", "a:b c", "a___b", "a..b", "-a", "a-", "a@sha256:00",
        "a:.x", "ü", "../a", "a:" + String(repeating: "x", count: 129), String(repeating: "x", count: 256),
        "-x.org/a", "x.org:port/a",
    ])
    func aBadNameIsRefused(text: String) {
        #expect(throws: OCIError.self) { try ImageName(text) }
    }

    @Test func theStemEscapesAndNamesForeignPlatforms() throws {
        let name = try ImageName("localhost:5000/team/app:1.0")
        #expect(name.stem(platform: .linuxAMD64) == "localhost%3A5000%2Fteam%2Fapp-1.0")
        #expect(try ImageName("app").stem(platform: Platform("linux/arm64")) == "app-latest-linux-arm64")
        #expect(try ImageName("app").stem(platform: Platform("linux/arm/v6")) == "app-latest-linux-arm-v6")
    }

    @Test func theSpellingsAreThoseOfTheEngines() throws {
        #expect(try ImageName("app:1").spellings == ["app:1", "localhost/app:1", "docker.io/library/app:1"])
        #expect(try ImageName("t/app:1").spellings == ["t/app:1", "localhost/t/app:1", "docker.io/t/app:1"])
        #expect(try ImageName("ghcr.io/t/app:1").spellings == ["ghcr.io/t/app:1"])
        #expect(try ImageName("docker.io/library/app:1").spellings == ["docker.io/library/app:1", "app:1"])
    }

    @Test(arguments: [
        ("a:.x", "the image name a:.x", "a tag is 1 to 128 letters"), ("App", "the image name App:latest", "a part of"),
        ("a/b:c/d", "the image name a/b:c/d:latest", "a part of"), ("a@x", "the image name a@x", "a digest cannot"),
        ("x.org:port/a", "the image name x.org:port/a:latest", "x.org:port is no registry host"),
        ("[::1]/a", "the image name [::1]/a:latest", "[::1] is no registry host"),
        (String(repeating: "x", count: 256), "the image name x", "a name is at most 255 bytes"),
    ])
    func anErrorNamesTheNameAndTheRule(text: String, object: String, reason: String) {
        let error = #expect(throws: OCIError.self) { try ImageName(text) }
        #expect(error?.object.hasPrefix(object) == true && error?.reason.hasPrefix(reason) == true, "\(text)")
    }

    @Test(arguments: [
        ("app:1", "localhost/app:1", "docker.io/library/app:1", ["localhost/app:1", "docker.io/library/app:1"]),
        ("t/app:1", "localhost/t/app:1", "docker.io/t/app:1", ["localhost/t/app:1", "docker.io/t/app:1"]),
        ("quay.io/app:1", "quay.io/app:1", "quay.io/app:1", ["quay.io/app:1"]),
        ("docker.io/t/app:1", "docker.io/t/app:1", "docker.io/t/app:1", ["docker.io/t/app:1", "t/app:1"]),
    ])
    func eachEngineHasItsSpelling(text: String, local: String, registry: String, withHost: [String]) throws {
        let name = try ImageName(text)
        #expect(name.localSpelling == local && name.registrySpelling == registry && name.hostSpellings == withHost)
    }
}
