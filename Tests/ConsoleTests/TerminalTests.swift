import Configuration
import Console
import JSON
import SystemCalls
import SystemPackage
import TestSupport
import Testing

/// Runs `body` with a terminal whose streams are files, and returns what went to each.
func captured(
    _ options: DisplayOptions, _ environment: [String: String] = [:], _ body: (Terminal) throws -> Void
) async throws -> (output: String, error: String) {
    try await Sandbox.with { sandbox in
        let output = try Files.create(sandbox.path("output"))
        let error = try Files.create(sandbox.path("error"))
        let terminal = Terminal(
            options, program: "cache-image", environment: environment, output: output, error: error)
        try body(terminal)
        try terminal.finish()
        try output.close()
        try error.close()
        return (try sandbox.text("output"), try sandbox.text("error"))
    }
}

@Suite struct TerminalTests {
    @Test func dataGoesToStdoutAndMessagesToStderr() async throws {
        let result = try await captured(try DisplayOptions(environment: [:])) { terminal in
            terminal.line("fresh app:latest")
            terminal.note("building")
            terminal.warning("a\nb")
            terminal.detail("not shown")
            terminal.json(["a": 1])
        }
        #expect(result.output == "fresh app:latest\n{\"a\": 1}\n")
        #expect(result.error == "building\ncache-image: warning: a; b\n")
    }

    @Test func anErrorIsOneLineAndAtMostOneHint() async throws {
        let result = try await captured(try DisplayOptions(isQuiet: true, environment: [:])) { terminal in
            terminal.note("not shown")
            terminal.report(
                Failure(
                    .failed, "cannot build app:latest: the engine said:\n  step 1\n  \u{1B}[31mred\n",
                    hint: "run it again"))
        }
        #expect(
            result.error
                == "cache-image: cannot build app:latest: the engine said: step 1; \\x1b[31mred\nhint: run it again\n")
    }

    @Test(arguments: ["https://tok@h/a?sig=x", "http://u:p@h/?a=b", "ssh://u:p@h/a"])
    func whatOthersWriteIsPassedOnWithoutTheSecretsOfURLs(_ url: String) async throws {
        let result = try await captured(try DisplayOptions(environment: [:])) { terminal in
            terminal.relay("fetching \(url)\r\nTo \(url)\n".utf8)
        }
        #expect(result.error == "fetching \(ShownURL.masked(url))\r\nTo \(ShownURL.masked(url))\n")
        #expect(result.error.contains("***") && !result.error.contains(url))
    }

    @Test(arguments: [(true, false, ""), (true, true, "x\n"), (false, false, "x\n")])
    func relayedOutputIsQuietUnlessItIsSaidAlways(quiet: Bool, always: Bool, shown: String) async throws {
        let result = try await captured(try DisplayOptions(isQuiet: quiet, environment: [:])) { terminal in
            terminal.relay("x\n".utf8, always: always)
        }
        #expect(result.error == shown)
    }

    @Test(arguments: [3999, 4000, 4001, 3_000_000]) func aMessageHasAnEnd(_ length: Int) async throws {
        let text = String(repeating: "é", count: length)
        let result = try await captured(try DisplayOptions(environment: [:])) { terminal in
            terminal.report(Failure(.failed, text))
            terminal.warning(text)
        }
        let end = length > 4000 ? "…" : ""
        let shown = String(repeating: "é", count: min(length, 4000)) + end
        #expect(Failure(.failed, text).message == shown)
        #expect(result.error == "cache-image: \(shown)\ncache-image: warning: \(shown)\n")
    }

    @Test func textOfOthersCannotForgeLinesOrCodes() async throws {
        let result = try await captured(try DisplayOptions(color: "always", environment: [:])) { terminal in
            terminal.line("\("stale", .yellow) \("a\nb\u{1B}]0;x\u{7}\u{202E}")")
        }
        #expect(result.output == "\u{1B}[33mstale\u{1B}[0m a\\nb\\x1b]0;x\\x07\\u{202e}\n")
    }

    @Test func offATerminalThereIsNoEscapeCode() async throws {
        let options = try DisplayOptions(verbosity: 1, environment: [:])
        let result = try await captured(options, ["TERM": "xterm"]) { terminal in
            terminal.line("\("fresh", .green)")
            terminal.warning("careful", hint: "look")
            terminal.detail("more")
            terminal.relay("STEP \u{1B}[1m1\u{1B}[0m\u{1B}]8;;x\u{1B}\\ done".utf8)
            terminal.note("next")
        }
        #expect(result.output == "fresh\n")
        #expect(result.error == "cache-image: warning: careful\nhint: look\nmore\nSTEP 1 done\nnext\n")
    }

    @Test(arguments: [
        ("auto", [:], false), ("always", [:], true), ("never", ["CLICOLOR_FORCE": "1"], false),
        ("auto", ["CLICOLOR_FORCE": "1"], true), ("auto", ["CLICOLOR_FORCE": "0"], false),
        ("auto", ["CLICOLOR_FORCE": "1", "NO_COLOR": "1"], false), ("always", ["NO_COLOR": "1"], true),
        ("auto", ["NO_COLOR": "", "CLICOLOR_FORCE": "1"], true),
    ])
    func colourFollowsFlagAndEnvironment(flag: String, environment: [String: String], isColoured: Bool) async throws {
        let options = try DisplayOptions(color: flag, environment: environment)
        let result = try await captured(options, environment) { $0.line("\("x", .red)") }
        #expect(result.output == (isColoured ? "\u{1B}[31mx\u{1B}[0m\n" : "x\n"))
    }

    @Test func anUnknownModeIsAUsageError() {
        #expect(throws: ConfigurationError.self) { try DisplayOptions(color: "green", environment: [:]) }
        #expect(throws: ConfigurationError.self) { try DisplayOptions(environment: ["CACHE_IMAGE_PROGRESS": "fancy"]) }
    }

    @Test func aFullDiskFailsTheCommand() throws {
        let full = try FileDescriptor.open("/dev/full", .writeOnly)
        defer { try? full.close() }
        let terminal = Terminal(
            try DisplayOptions(environment: [:]), program: "cache-image", environment: [:], output: full, error: full)
        terminal.line("data")
        #expect(throws: Failure(.failed, "cannot write standard output: No space left on device")) {
            try terminal.finish()
        }
    }

    @Test func progressOfShortWorkIsSilentOffATerminal() async throws {
        let result = try await captured(try DisplayOptions(environment: [:])) { terminal in
            let progress = terminal.progress("loading app", total: 10)
            for _ in 0..<10 { progress.advance(by: 1) }
            progress.finish()
        }
        #expect(result.error == "")
    }

    @Test func progressCanBeJSONLines() async throws {
        let result = try await captured(try DisplayOptions(progress: "json", environment: [:])) { terminal in
            let progress = terminal.progress("loading app", total: 10)
            progress.advance(by: 10)
            progress.finish()
            progress.finish()
        }
        #expect(result.error == "{\"progress\":\"loading app\",\"completed\":10,\"total\":10,\"finished\":true}\n")
    }

    @Test func theLineThatIsWrittenOverNeverMixesWithMessages() async throws {
        let result = try await captured(try DisplayOptions(progress: "tty", environment: [:])) { terminal in
            let progress = terminal.progress("loading app", total: 1000)
            let end = ContinuousClock.now + .milliseconds(120)
            while .now < end {}
            progress.update(completed: 500)
            terminal.note("a note")
            progress.finish()
        }
        let line = "loading app: 500 B of 1.0 kB (50 %)"
        #expect(result.error == "\(line)\r\u{1B}[Ka note\n\(line)\r\u{1B}[K")
    }
}
