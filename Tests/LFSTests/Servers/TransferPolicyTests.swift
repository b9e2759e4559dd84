import Git
import HTTP
import JSON
import Testing

@testable import GitLFSCommands
@testable import LFS

struct TransferPolicyTests {
    @Test func waitsDoubleUpToTheCap() {
        let policy = RetryPolicy()
        #expect(
            (1...8).map { policy.delay(after: $0, server: nil) }.prefix(4) == [
                .milliseconds(250), .milliseconds(500), .seconds(1), .seconds(2),
            ])
        #expect(policy.delay(after: 8, server: nil) == .seconds(10))
        #expect(policy.delay(after: 1, server: 17) == .seconds(17))
        #expect(policy.delay(after: 1, server: 4000) == .seconds(300))
    }

    @Test func timesOfRFC3339() {
        #expect(Expiry.parse("2016-11-10T15:29:07Z") == 1_478_791_747)
        #expect(Expiry.parse("2016-11-10T15:29:07.123456Z") == 1_478_791_747)
        #expect(Expiry.parse("2016-11-10T16:29:07+01:00") == 1_478_791_747)
        #expect(Expiry.parse("2016-11-10T13:59:07-01:30") == 1_478_791_747)
        for text in [
            "0001-01-01T00:00:00Z", "", "2016-11-10", "2016-13-10T15:29:07Z", "2016-11-10T15:29:07",
            "tomorrow at noon, please",
        ] {
            #expect(Expiry.parse(text) == nil, "\(text)")
        }
    }

    @Test func expiresInCountsFromTheRequest() {
        #expect(!Expiry(["expires_in": -5], requestedAt: 1000).isUsable(at: 1000))
        #expect(Expiry(["expires_in": 0, "expires_at": nil], requestedAt: 1000).isUsable(at: 1 << 40))
        #expect(
            Expiry(["expires_in": 900, "expires_at": "2016-11-10T15:29:07Z"], requestedAt: 1 << 40).isUsable(
                at: 1 << 40))
        #expect(Expiry(["expires_in": 10], requestedAt: 1000).isUsable(at: 1004))
        #expect(!Expiry(["expires_in": 10], requestedAt: 1000).isUsable(at: 1005))
        #expect(!Expiry(["expires_at": "2016-11-10T15:29:07Z"], requestedAt: 0).isUsable(at: 1_478_791_742))
    }

    @Test func gitsRuleOfURLs() throws {
        let text = """
            [http]
            proxy = plain
            [http "https://example.org"]
            proxy = host
            [http "https://example.org/team/"]
            proxy = path
            [http "https://user@example.org/team"]
            proxy = user
            [http "https://*.example.com"]
            proxy = wildcard
            [http "https://a.example.com"]
            proxy = exact
            [http "http://example.org:8080"]
            proxy = port

            """
        let configuration = try GitConfiguration(parsing: Array(text.utf8), file: "config")
        for (url, expected) in [
            ("https://other.org/", "plain"), ("https://example.org/", "host"), ("https://example.org:443/x", "host"),
            ("https://example.org/team/x", "path"), ("https://example.org/team", "path"),
            ("https://example.org/teamwork", "host"), ("https://user@example.org/team/x", "user"),
            ("https://b.example.com/", "wildcard"), ("https://a.example.com/", "exact"),
            ("https://a.b.example.com/", "plain"), ("http://example.org:8080/", "port"),
            ("http://example.org/", "plain"),
        ] {
            #expect(URLMatch.values("http", "proxy", for: url, in: configuration).last == expected, "\(url)")
        }
    }

    @Test func netrcLogins() {
        let file = NetrcFile(
            "# comment\nmachine a login x password y\nmachine b\n\tlogin z\n\taccount w\n\tpassword v\nmacdef m\nmachine c login no\n\ndefault login d password e\n"
        )
        #expect(file.credential(for: "a", user: nil) == Credential(user: "x", password: "y"))
        #expect(file.credential(for: "b", user: "z")?.password == "v")
        #expect(file.credential(for: "b", user: "q") == nil)
        #expect(file.credential(for: "c", user: nil)?.user == "d")
        #expect("\(Credential(user: "x", password: "y"))" == "x:***")
    }

    @Test func sizesAreWrittenAsGitLFSWritesThem() {
        for (bytes, text) in [
            (0, "0 B"), (9, "9 B"), (10, "10 B"), (999, "999 B"), (1000, "1.0 KB"), (1536, "1.5 KB"), (15360, "15 KB"),
            (2_500_000, "2.5 MB"), (27_600, "28 KB"), (26_500, "26 KB"), (27_500, "28 KB"),
        ] {
            #expect(ByteCount.text(Int64(bytes)) == text)
        }
    }

    @Test func theArchiveOfARecordIsFoundWithoutParsingItAll() {
        let oid = String(repeating: "ab", count: 32)
        let record =
            "{\"algo\": \"x\", \"key\": \"\(String(repeating: "cd", count: 32))\", \"provenance\": {\"archive\": {\"sha256\": \"\(oid)\", \"size\": 5}}}"
        #expect(ObjectNeeds.archive(in: Array(record.utf8))?.hexadecimal == oid)
        #expect(ObjectNeeds.archive(in: Array("{}".utf8)) == nil)
    }
}
