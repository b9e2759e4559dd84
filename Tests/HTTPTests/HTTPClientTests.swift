import Foundation
import HTTP
import JSON
import Synchronization
import SystemPackage
import TestSupport
import Testing

@Suite(.enabled(if: ScriptServer.isAvailable))
struct HTTPClientTests {
    private func withServer(
        _ options: TransportOptions = TransportOptions(), _ body: (ScriptServer, HTTPClient) async throws -> Void
    ) async throws {
        try await Sandbox.with { sandbox in
            try await ScriptServer.with("http-server.py", in: sandbox) { server in
                var direct = options
                direct.proxy = ""
                try await body(server, HTTPClient { [direct] _ in direct })
            }
        }
    }

    private func request(_ method: String, _ server: ScriptServer, _ path: String) throws -> Request {
        Request(method, try RequestURL(server.url + path))
    }

    private func failure(_ client: HTTPClient, _ request: Request) async -> HTTPError? {
        await #expect(throws: HTTPError.self) { try await client.send(request) }
    }

    @Test func bodyAndHeadersArriveAndTheAnswerComesBack() async throws {
        try await withServer { server, client in
            var request = try request("POST", server, "/echo")
            request.body = .bytes(Array("hello".utf8))
            try request.headers.append("X-Test", "yes")
            let response = try await client.send(request)
            #expect(response.status == 200)
            let echo = try JSONValue(parsing: response.body)
            #expect(echo["body"] == "hello")
            #expect(echo["headers"]?["X-Test"] == "yes")
            #expect(echo["headers"]?["Content-Length"] == "5")
            #expect(echo["headers"]?["Expect"] == nil)
        }
    }

    @Test func aBodyWithoutLengthIsSentInChunks() async throws {
        try await withServer { server, client in
            var request = try request("PUT", server, "/echo")
            let text = Array("chunked body".utf8)
            request.body = RequestBody(length: nil, open: RequestBody.bytes(text).open)
            let echo = try await JSONValue(parsing: client.send(request).body)
            #expect(echo["headers"]?["Transfer-Encoding"] == "chunked")
            #expect(echo["body"] == "chunked body")
        }
    }

    @Test(arguments: ["gzip", "deflate", "identity"])
    func whatIsCompressedOnItsWayIsDecoded(encoding: String) async throws {
        try await withServer { server, client in
            let response = try await client.send(try request("GET", server, "/encoded/\(encoding)"))
            #expect(String(decoding: response.body, as: UTF8.self) == String(repeating: "decoded text ", count: 100))
            let echo = try await JSONValue(parsing: client.send(request("GET", server, "/echo")).body)
            #expect(echo["headers"]?["Accept-Encoding"] == "identity")
        }
    }

    @Test func anEncodingThatNobodyKnowsIsNamed() async throws {
        try await withServer { server, client in
            let error = await failure(client, try request("GET", server, "/encoded/what"))
            #expect(error?.reason == "the encoding what of the answer cannot be decoded")
        }
    }

    /// A proxy's URL, and how messages call it.
    private static let proxies = [
        ("http://127.0.0.1:9", "http://127.0.0.1:9"), ("http://user:secret@127.0.0.1:9/", "http://127.0.0.1:9"),
        ("127.0.0.1:9", "http://127.0.0.1:9"), ("socks5://127.0.0.1:9", "socks5://127.0.0.1:9"),
        ("http://proxy.invalid:3128", "http://proxy.invalid:3128"), ("http://[::1]:9", "http://[::1]:9"),
    ]

    @Test(arguments: proxies)
    func aProxyThatIsNotReachedIsNamed(proxy: String, shown: String) async throws {
        for url in ["http://server.invalid/x", "https://server.invalid/x"] {
            let client = HTTPClient { _ in
                var options = TransportOptions()
                options.proxy = proxy
                return options
            }
            let error = await failure(client, Request("GET", try RequestURL(url)))
            let origin = url.dropLast(2)
            #expect(
                error?.action == "reach the proxy \(shown) (http.proxy) for \(origin)", "\(String(describing: error))")
        }
    }

    @Test func aProxyThatRefusesIsNamedAndTheServerIsNotBlamed() async throws {
        try await withServer { server, _ in
            let client = HTTPClient { _ in
                var options = TransportOptions()
                options.proxy = server.url
                return options
            }
            let error = await failure(client, Request("GET", try RequestURL("https://server.invalid/x")))
            #expect(
                error?.description.contains("use the proxy \(server.url) (http.proxy)") == true,
                "\(String(describing: error))")
            #expect(error?.reason == "it answers 501", "\(String(describing: error))")
        }
    }

    @Test func aServerThatIsNotReachedIsBlamedWhereThereIsNoProxy() async throws {
        try await withServer { _, client in
            let error = await failure(client, Request("GET", try RequestURL("http://127.0.0.1:9/x")))
            #expect(error?.action == "reach http://127.0.0.1:9")
        }
    }

    @Test func connectionsAreUsedAgain() async throws {
        try await withServer { server, client in
            for _ in 0..<3 { _ = try await client.send(try request("GET", server, "/echo")) }
            #expect(try Set(server.requests().compactMap { $0["port"] }).count == 1)
        }
    }

    @Test(arguments: [401, 404, 410, 422, 500, 509])
    func refusalsAreAnswersWithTheirText(status: Int) async throws {
        try await withServer { server, client in
            let never = ResponseReceiver { _ in Issue.record("a refusal reached the receiver") }
            let response = try await client.send(try request("GET", server, "/status/\(status)"), to: never)
            #expect(response.status == status)
            #expect(String(decoding: response.body, as: UTF8.self) == "the body of \(status)")
        }
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func redirectsKeepMethodAndBody(status: Int) async throws {
        try await withServer { server, client in
            var request = try request("POST", server, "/redirect/\(status)?to=/echo")
            request.body = .bytes(Array("again".utf8))
            try request.headers.append("Authorization", "Basic eDp5")
            let response = try await client.send(request)
            let echo = try JSONValue(parsing: response.body)
            #expect(echo["method"] == "POST")
            #expect(echo["body"] == "again")
            #expect(echo["headers"]?["Authorization"] == "Basic eDp5")
            #expect(response.url.path == "/echo")
        }
    }

    @Test func anotherHostGetsNoAuthorization() async throws {
        try await withServer { server, client in
            let other = "http://localhost:\(server.port)/echo"
            var request = try request("GET", server, "/redirect/302?to=\(other)")
            for name in ["Authorization", "Cookie", "Private-Token", "Accept"] {
                try request.headers.append(name, "value")
            }
            let echo = try await JSONValue(parsing: client.send(request).body)
            #expect(echo["headers"]?["Authorization"] == nil)
            #expect(echo["headers"]?["Cookie"] == nil)
            #expect(echo["headers"]?["Private-Token"] == nil)
            #expect(echo["headers"]?["Accept"] == "value")
        }
    }

    @Test func twoRedirectsAreFollowedAndNoMore() async throws {
        try await withServer { server, client in
            let arrived = try await client.send(request("GET", server, "/hops/2"))
            #expect(arrived.status == 200)
            #expect(try await failure(client, request("GET", server, "/hops/3"))?.kind == .redirect)
            #expect(try await failure(client, request("GET", server, "/redirect/302"))?.kind == .redirect)
            #expect(
                try await failure(client, request("GET", server, "/redirect/302?to=file:///x"))?.kind == .invalidURL)
        }
    }

    @Test func aStreamedBodyTakesConstantMemory() async throws {
        try await withServer { server, client in
            let count = Mutex(0)
            let receiver = ResponseReceiver { bytes in count.withLock { $0 += bytes.count } }
            let size = 200 << 20
            let response = try await client.send(try request("GET", server, "/bytes/\(size)"), to: receiver)
            #expect(response.body.isEmpty)
            #expect(count.withLock { $0 } == size)
        }
    }

    @Test func aReceiverThatThrowsEndsTheTransfer() async throws {
        struct Enough: Error {}
        try await withServer { server, client in
            let receiver = ResponseReceiver { _ in throw Enough() }
            let request = try request("GET", server, "/bytes/100000000")
            await #expect(throws: Enough.self) { try await client.send(request, to: receiver) }
        }
    }

    @Test func aLongAnswerIsRefused() async throws {
        try await withServer { server, client in
            var request = try request("GET", server, "/bytes/100000")
            request.answerLimit = 1000
            #expect(await failure(client, request)?.kind == .tooLarge)
        }
    }

    @Test func failuresHaveTheirClass() async throws {
        var options = TransportOptions()
        options.activityTimeout = 1
        try await withServer(options) { server, client in
            #expect(try await failure(client, request("GET", server, "/short"))?.kind == .closed)
            #expect(try await failure(client, request("GET", server, "/hangup"))?.kind == .closed)
            #expect(try await failure(client, request("GET", server, "/stall"))?.kind == .timeout)
            #expect(try await failure(client, request("GET", server, "/garbage"))?.kind == .protocolViolation)
            let tls = Request("GET", try RequestURL("https://127.0.0.1:\(server.port)/"))
            #expect(await failure(client, tls)?.kind == .tls)
            let refused = try await failure(client, Request("GET", RequestURL("http://127.0.0.1:1/")))
            #expect(refused?.kind == .connect)
            #expect(refused?.description == "cannot reach http://127.0.0.1:1: connection refused")
            let unknown = try await failure(client, Request("GET", RequestURL("http://no-such-host.invalid/")))
            #expect(unknown?.kind == .resolve)
        }
    }

    @Test func anEarlyRefusalOfALongBodyIsAnAnswer() async throws {
        try await withServer { server, client in
            var request = try request("PUT", server, "/early")
            request.body = RequestBody(length: 1 << 30) { { $0.count } }
            do {
                #expect(try await client.send(request).status == 413)
            } catch let error as HTTPError {
                // The server's close may overtake its answer.
                #expect(error.kind == .closed)
            }
        }
    }

    @Test func cancellationEndsATransferThatHangs() async throws {
        try await withServer { server, client in
            let request = try request("GET", server, "/stall")
            let task = Task { try await client.send(request) }
            try await Task.sleep(for: .milliseconds(200))
            let start = ContinuousClock.now
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(start.duration(to: .now) < .seconds(5))
        }
    }

    @Test func aProxyOfTheOptionsIsUsed() async throws {
        try await Sandbox.with { sandbox in
            try await ScriptServer.with("http-server.py", in: sandbox) { server in
                var options = TransportOptions()
                options.proxy = server.url
                let client = HTTPClient { [options] _ in options }
                _ = try await client.send(Request("GET", try RequestURL("http://elsewhere.invalid/echo")))
                #expect(try server.requests().first?["path"] == "http://elsewhere.invalid/echo")
            }
        }
    }

    @Test(.enabled(if: Requirements.tools("openssl")))
    func certificatesAreCheckedAsTheOptionsSay() async throws {
        try await Sandbox.with { sandbox in
            let words =
                "req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
            try await sandbox.run("openssl", words.split(separator: " ").map(String.init)).check()
            let arguments = [sandbox.path("cert.pem").string, sandbox.path("key.pem").string]
            try await ScriptServer.with("http-server.py", arguments, in: sandbox) { server in
                let url = try RequestURL("https://localhost:\(server.port)/echo")
                var direct = TransportOptions()
                direct.proxy = ""
                let strict = HTTPClient { [direct] _ in direct }
                #expect(await failure(strict, Request("GET", url))?.kind == .tls)
                var trusting = direct
                trusting.certificateAuthorityFile = sandbox.path("cert.pem")
                let client = HTTPClient { [trusting] _ in trusting }
                #expect(try await client.send(Request("GET", url)).status == 200)
                var careless = direct
                careless.verifiesCertificates = false
                let response = try await HTTPClient { [careless] _ in careless }.send(Request("GET", url))
                #expect(response.status == 200)
                let down = try RequestURL("https://localhost:\(server.port)/redirect/302?to=http://localhost:1/")
                #expect(await failure(client, Request("GET", down))?.kind == .redirect)
            }
        }
    }
}
