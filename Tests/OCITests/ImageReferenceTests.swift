import Hashing
import OCI
import Testing

@Suite struct ImageReferenceTests {
    private static let zeros = "sha256:" + String(repeating: "0", count: 64)
    private static let long = "sha512:" + String(repeating: "a", count: 128)

    /// A text, and its registry, repository, tag and digest.
    private static let parts: [(String, String, String, String?, String?)] = [
        ("python", "docker.io", "library/python", "latest", nil),
        ("python:3.10", "docker.io", "library/python", "3.10", nil),
        ("team/app", "docker.io", "team/app", "latest", nil),
        ("docker.io/app", "docker.io", "library/app", "latest", nil),
        ("index.docker.io/team/app:1", "docker.io", "team/app", "1", nil),
        ("localhost/app", "localhost", "app", "latest", nil),
        ("localhost:5000/a/b/c:T_1.x-y", "localhost:5000", "a/b/c", "T_1.x-y", nil),
        ("Host/app", "Host", "app", "latest", nil),
        ("a.b-c.example:443/x", "a.b-c.example:443", "x", "latest", nil),
        ("[::1]:5000/a/b:1", "[::1]:5000", "a/b", "1", nil), ("[fe80::1]/a", "[fe80::1]", "a", "latest", nil),
        ("a__b-c---d.e_f", "docker.io", "library/a__b-c---d.e_f", "latest", nil),
        ("app@" + zeros, "docker.io", "library/app", nil, zeros),
        ("app:1@" + zeros, "docker.io", "library/app", "1", zeros),
        ("quay.io/a@" + long, "quay.io", "a", nil, long),
    ]

    @Test(arguments: parts)
    func aReferenceHasItsParts(text: String, registry: String, repository: String, tag: String?, digest: String?) throws
    {
        let reference = try ImageReference(text)
        #expect(reference.registry == registry && reference.repository == repository)
        #expect(reference.tag == tag && reference.digest?.description == digest)
        #expect(try ImageReference(reference.description) == reference, "the full form is read as itself")
    }

    private static let faults: [(String, ImageReference.Fault)] = [
        ("", .component), (":", .tag), ("a:", .tag), ("a:.1", .tag), ("a:-1", .tag),
        ("a:b c", .tag),
        ("a:t:u", .tag), ("a:" + String(repeating: "x", count: 129), .tag), ("a//b", .component), ("/a", .component),
        ("a/", .component), ("-a", .component), ("a-", .component), ("a..b", .component), ("a___b", .component),
        ("a._b", .component), ("ü", .component), ("../a", .host("..")), ("quay.io/../a", .component),
        ("a/b:1/c", .component), ("x.org:port/a", .host("x.org:port")), ("x.org:/a", .host("x.org:")),
        ("-x.org/a", .host("-x.org")), ("x..org/a", .host("x..org")), ("[::1/a", .host("[::1")),
        ("[]:1/a", .host("[]:1")),
        ("[::1]x/a", .host("[::1]x")), ("[::g]/a", .host("[::g]")), ("a:1:2/b", .host("a:1:2")),
        ("a@", .digest), ("a@sha256:0", .digest), ("a@md5:" + String(repeating: "0", count: 32), .digest),
        ("a@sha256:" + String(repeating: "A", count: 64), .digest), ("a@\(zeros)@\(zeros)", .digest),
        ("App", .upperCase("library/App")), ("quay.io/team/App:1", .upperCase("team/App")),
        (String(repeating: "f", count: 64), .identifier), (String(repeating: "x", count: 238), .tooLong),
    ]

    @Test(arguments: faults)
    func whatIsNoReferenceIsRefused(text: String, fault: ImageReference.Fault) {
        #expect(throws: fault) { try ImageReference(text) }
    }

    @Test func theWordsAreDockers() {
        #expect(ImageReference.Fault.tag.description == "invalid reference format")
        #expect(
            ImageReference.Fault.upperCase("library/A").description
                == "invalid reference format: repository name (library/A) must be lowercase")
    }

    @Test func aPinnedReferenceHasTheDigestAlone() throws {
        let digest = SHA256Digest(of: "x".utf8)
        let pinned = try ImageReference("localhost:5000/team/app:1").pinned(to: digest)
        #expect(pinned.description == "localhost:5000/team/app@\(digest)")
        #expect(pinned.digest?.sha256 == digest)
        #expect(try ImageReference("quay.io/a@" + Self.long).digest?.sha256 == nil)
    }

    @Test func localhostAloneIsThisMachine() throws {
        #expect(try ImageReference("localhost/base:1").isLocal)
        #expect(try !ImageReference("localhost:5000/base:1").isLocal)
        #expect(try !ImageReference("base:1").isLocal)
    }

    @Test(arguments: [
        ("docker/dockerfile:1", true), ("docker.io/docker/dockerfile-upstream@sha256:0", true),
        ("index.docker.io/docker/dockerfile", true), ("quay.io/docker/dockerfile", false), ("docker/other", false),
    ])
    func dockersOwnRepositoriesAreKnownWhateverTheirTag(text: String, isKnown: Bool) {
        #expect(ImageReference.isOnDockerHub(text, prefix: "docker/dockerfile") == isKnown)
    }

    @Test(arguments: [
        ("mirror.gcr.io/docker/dockerfile:1", true), ("public.ecr.aws/docker/dockerfile", true),
        ("MIRROR.gcr.io/docker/dockerfile", true), ("m.daocloud.io/docker.io/docker/dockerfile", true),
        ("m.daocloud.io/docker/dockerfile", false), ("mirror.gcr.io/a/docker/dockerfile", false),
        ("docker/dockerfile", false), ("evil.org/docker/dockerfile", false),
    ])
    func mirrorsOfDockersRegistryAreKnown(text: String, isKnown: Bool) {
        #expect(ImageReference.isOnMirror(text, prefix: "docker/dockerfile") == isKnown)
    }

    @Test(arguments: ["", "sha256", "sha256:", "sha1:" + String(repeating: "0", count: 40), "sha256:0"])
    func whatIsNoDigestIsRefused(text: String) {
        #expect(Digest(text) == nil)
    }

    @Test func anImagesIDIsReadWithAndWithoutItsAlgorithm() {
        let digest = SHA256Digest(of: "x".utf8)
        #expect(SHA256Digest(imageID: digest.description) == digest)
        #expect(SHA256Digest(imageID: digest.hexadecimal) == digest)
        #expect(SHA256Digest(imageID: digest.short) == nil)
        #expect(digest.short.count == 12 && digest.hexadecimal.hasPrefix(digest.short))
    }
}
