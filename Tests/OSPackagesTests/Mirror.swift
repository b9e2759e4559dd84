import Glibc
import SystemCalls
import SystemPackage
import TestSupport

/// A mirror of a folder on 127.0.0.1 that can misbehave.
enum Mirror {
    /// What it does wrong.
    enum Fault: String {
        /// Nothing.
        case none
        /// It ends in the middle of the second package.
        case dies
        /// It never gets further than the first bytes of a package.
        case stalls
    }

    private static let script = """
        import http.server, os, sys, time
        folder, ready, fault = sys.argv[1:4]
        packages = 0
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def log_message(self, *words):
                pass
            def do_GET(self):
                global packages
                try:
                    with open(folder + self.path.replace("%2b", "+"), "rb") as file:
                        data = file.read()
                except OSError:
                    self.send_response(404)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                self.send_response(200)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                if self.path.endswith(".deb"):
                    packages += 1
                    if fault == "stalls" or fault == "dies" and packages == 2:
                        self.wfile.write(data[:100])
                        self.wfile.flush()
                        if fault == "dies":
                            os._exit(1)
                        time.sleep(60)
                self.wfile.write(data)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        with open(ready + ".new", "w") as file:
            file.write(str(server.server_port))
        os.rename(ready + ".new", ready)
        server.serve_forever()
        """

    /// Starts one, runs `body` with its address, and ends it.
    static func with<Result>(
        _ folder: String, _ fault: Fault = .none, in sandbox: Sandbox, _ body: (String) async throws -> Result
    ) async throws -> Result {
        let ready = sandbox.path("port-\(UInt32.random(in: 0 ... .max))")
        let process = try ChildProcess(
            Sandbox.find("python3", in: sandbox.environment["PATH"] ?? ""),
            ["-c", script, sandbox.path(folder).string, ready.string, fault.rawValue],
            environment: sandbox.environment)
        defer { process.end() }
        while !Files.exists(ready) { try await Task.sleep(for: .milliseconds(10)) }
        return try await body("http://127.0.0.1:\(try sandbox.text(ready.string))")
    }
}
