import HTTP
import Testing

struct HeaderFieldsTests {
    @Test func namesAreComparedWithoutCase() throws {
        var fields = try HeaderFields([("Content-Type", " text/plain "), ("X-A", "1"), ("x-a", "2")])
        #expect(fields["content-type"] == "text/plain")
        #expect(fields.all("X-A") == ["1", "2"])
        fields.remove("X-a")
        #expect(fields.fields.count == 1)
    }

    @Test(arguments: ["a\r\nHost: other", "a\nb", "a\u{0}b"])
    func aValueCannotLeaveItsLine(value: String) {
        #expect(throws: HTTPError.self) { try HeaderFields([("X", value)]) }
        #expect(throws: HTTPError.self) { try HeaderFields([(value, "x")]) }
    }

    @Test func descriptionHidesWhatMayBeSecret() throws {
        let fields = try HeaderFields([
            ("Authorization", "Basic c2VjcmV0"), ("Private-Token", "secret"), ("Accept", "*/*"),
        ])
        #expect("\(fields)" == "Authorization: ***\nPrivate-Token: ***\nAccept: */*")
        #expect(fields.forAnotherHost.fields.map(\.name) == ["Accept"])
    }
}
