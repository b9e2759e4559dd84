import HTTP
import Testing

struct RequestURLTests {
    @Test(arguments: [
        ("HTTP://Example.ORG", "http://example.org/"),
        ("https://example.org:443/a/b?c=d#e", "https://example.org/a/b?c=d"),
        ("http://example.org:8080/a%20b", "http://example.org:8080/a%20b"),
        ("https://user:p%40ss@example.org/x", "https://example.org/x"),
        ("http://[::1]:81/", "http://[::1]:81/"),
        ("http://example.org/ä", "http://example.org/%C3%A4"),
        ("http://example.org?q", "http://example.org/?q"),
    ])
    func normalForm(text: String, expected: String) throws {
        #expect(try RequestURL(text).wireForm == expected)
    }

    @Test(arguments: [
        "", "example.org", "ftp://example.org/", "http:/example.org", "http://", "http:///path", "http://a b/",
        "http://example.org/a b", "http://example.org:0/", "http://example.org:65536/", "http://example.org:x/",
        "http://exa\u{0}mple.org/", "http://example.org/\r\nX: y", "http://u%zz@example.org/", "http://[::1/",
        "http://[::1]x/", "http://ex%61mple.org/", "http://exämple.org/", "http://example.org\\@other/",
    ])
    func refused(text: String) {
        #expect(throws: HTTPError.self) { try RequestURL(text) }
    }

    @Test func loginIsDecodedAndNeverShown() throws {
        let url = try RequestURL("https://user:p%40ss@example.org/x?signature=abc")
        #expect(url.user == "user")
        #expect(url.password == "p@ss")
        #expect("\(url)" == "https://***@example.org/x?***")
        let error = #expect(throws: HTTPError.self) { try RequestURL("https://user:secret@exa mple.org/?token=secret") }
        #expect(error.map { "\($0)".contains("secret") } == false)
    }

    @Test(arguments: [
        ("/x", "http://a/x"), ("x", "http://a/b/x"), ("../x?y", "http://a/x?y"), ("//c/d", "http://c/d"),
        ("https://e/f", "https://e/f"), ("?z", "http://a/b/c?z"), ("", "http://a/b/c?q"), ("./", "http://a/b/"),
        ("../../../x", "http://a/x"), ("#f", "http://a/b/c?q"),
    ])
    func referencesAreResolved(reference: String, expected: String) throws {
        #expect(try RequestURL("http://u:p@a/b/c?q").resolving(reference).wireForm == expected)
    }
}
