import Git
import HTTP
import Hashing
import JSON
import Testing

@testable import LFS

/// Each number that a server tells, at the ends of what there is: an error or an answer, never a trap.
@Suite struct ExtremeNumberTests {
    static let numbers = [
        "-9223372036854775808", "-9223372036854775807", "-1", "0", "1", "9223372036854775806", "9223372036854775807",
        "9223372036854775808", "1e300", "-1e300", "1.5", "\"5\"", "null", "[]", "{}", "true",
    ]
    static let object = TransferObject(Pointer(oid: SHA256Digest(of: []), size: 5))

    private func read(_ member: String) throws -> [BatchAnswer] {
        let oid = Self.object.oid.hexadecimal
        let text = "{\"objects\": [{\"oid\": \"\(oid)\", \(member)}]}"
        return try BatchAnswer.read(
            Array(text.utf8), from: "s", to: [Self.object], .download, requestedAt: 1_700_000_000)
    }

    @Test(arguments: numbers) func ofABatchAnswer(_ number: String) throws {
        #expect(try read("\"size\": \(number)").count == 1)
        #expect(try read("\"error\": {\"code\": \(number), \"message\": \"m\"}").count == 1)
        let answers = try read("\"actions\": {\"download\": {\"href\": \"http://h/\", \"expires_in\": \(number)}}")
        for now in [Int64.min, -1, 0, 1_700_000_000, .max] { _ = answers[0].download?.expiry.isUsable(at: now) }
    }

    @Test func ofExpiry() {
        for start in [Int64.min, 0, 1_700_000_000, .max] {
            for seconds in [Int64.min, -1, 1, .max, .max - 1_700_000_000] {
                let expiry = Expiry(["expires_in": .integer(seconds)], requestedAt: start)
                for now in [Int64.min, 0, .max] { _ = expiry.isUsable(at: now) }
            }
        }
        for zone in ["+9223372036854775807:00", "-9223372036854775808:59", "+99:99", "+1:1"] {
            _ = Expiry.parse("2016-11-10T15:29:07\(zone)")
        }
        #expect(Expiry.parse("2016-11-10T15:29:07+9223372036854775807:00") == nil)
    }

    @Test(arguments: numbers) func ofRetryAfter(_ number: String) {
        for now in [Int64(0), 1_700_000_000] {
            let seconds = HTTPDate.retryAfter(number, now: now)
            #expect(RetryPolicy().delay(after: 1, server: seconds) <= .seconds(300))
        }
    }

    @Test func waitsAreBoundedInAll() async throws {
        var policy = RetryPolicy()
        policy.sleep = { _ in }
        var tries = 0
        await #expect(throws: LFSError.self) {
            try await policy.run { _ in
                tries += 1
                throw RetryPolicy.again(LFSError(.network, "ask", "s", "busy"), after: .max)
            }
        }
        #expect(tries == 3)
    }
}
