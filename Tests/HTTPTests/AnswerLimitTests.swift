import HTTP
import SystemPackage
import TestSupport
import Testing

/// Answers without an end, in their heads or in their bodies.
@Suite(.enabled(if: ScriptServer.isAvailable)) struct AnswerLimitTests {
    private func send(
        _ path: String, time: Duration = .seconds(60), to receiver: ResponseReceiver? = nil
    ) async throws -> Response {
        try await Sandbox.with { sandbox in
            try await ScriptServer.with("http-server.py", in: sandbox) { server in
                var options = TransportOptions()
                options.proxy = ""
                options.answerTime = time
                let client = HTTPClient { [options] _ in options }
                var request = Request("GET", try RequestURL(server.url + path))
                request.followsRedirects = false
                return try await client.send(request, to: receiver)
            }
        }
    }

    @Test(arguments: [301, 401, 404, 429, 500, 503]) func aRefusalWithoutAnEndIsCut(_ status: Int) async throws {
        let response = try await send("/endless/\(status)/65536/0")
        #expect(response.status == status)
        #expect(response.body.count == 64 << 10)
    }

    @Test func anAnswerWithoutAnEndIsTooLarge() async throws {
        let error = await #expect(throws: HTTPError.self) { try await send("/endless/200/65536/0") }
        #expect(error?.kind == .tooLarge)
    }

    @Test(arguments: ["/endless/200/200/0.05", "/endless/404/200/0.05"])
    func anAnswerThatDripsIsGivenUp(_ path: String) async throws {
        let error = await #expect(throws: HTTPError.self) { try await send(path, time: .milliseconds(500)) }
        #expect(error?.kind == .tooSlow)
        #expect(error?.isTransient == false)
    }

    @Test func anObjectMayTakeItsTime() async throws {
        struct Enough: Error {}
        let start = ContinuousClock.now
        await #expect(throws: Enough.self) {
            try await send(
                "/endless/200/200/0.05", time: .milliseconds(100),
                to: ResponseReceiver { _ in if start.duration(to: .now) > .seconds(1) { throw Enough() } })
        }
    }

    @Test(arguments: ["fields", "interim"]) func aHeadWithoutAnEndIsTooLarge(_ kind: String) async throws {
        let error = await #expect(throws: HTTPError.self) { try await send("/heads/\(kind)") }
        #expect([.tooLarge, .protocolViolation].contains(error?.kind))
    }

    @Test(arguments: ["status", "line"]) func aLineOfAHeadWithoutAnEndIsTooLarge(_ kind: String) async throws {
        let error = await #expect(throws: HTTPError.self) { try await send("/heads/\(kind)") }
        #expect(error?.kind == .tooLarge)
        #expect(error?.reason == "a line of the answer's head is too long")
    }
}
