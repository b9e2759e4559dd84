import Console
import Testing

@testable import Configuration
@testable import RunTestsCommands

@Suite struct ShellLevelTests {
    @Test func aShellTakesThePlaceOfTheCommandOnly() throws {
        var level = TestLevel(name: "unit")
        (level.command, level.environment, level.workingDirectory) = (["pytest"], ["A": "b"], "/app")
        (level.timeout, level.entrypoint) = (5, nil)
        let shell = try ShellLevel.of(level)
        #expect(shell.command.prefix(2) == ["sh", "-c"] && shell.entrypoint == [])
        #expect(shell.usesTerminal && shell.isInteractive && shell.timeout == nil)
        #expect(shell.environment == ["A": "b"] && shell.workingDirectory == "/app")
    }

    @Test func aLevelOnTheHostHasNone() throws {
        var host = TestLevel(name: "host")
        host.place = .host
        #expect(throws: Failure.self) { try ShellLevel.of(host) }
        #expect(throws: Failure.self) { try ShellLevel.first(of: [host]) }
        var broken = TestLevel(name: "broken")
        broken.mistake = ConfigurationError("x")
        #expect(try ShellLevel.first(of: [host, broken, TestLevel(name: "unit")]).name == "unit")
    }
}

@Suite struct LevelTimeoutTests {
    @Test func aCommandThatEndsInTimeHasItsStatus() async throws {
        #expect(try await LevelTimeout(seconds: nil).run { 3 } == 3)
        #expect(try await LevelTimeout(seconds: 60).run { 4 } == 4)
    }

    @Test func aCommandThatTakesLongerIsEndedAndWaitedFor() async throws {
        let status = try await LevelTimeout(seconds: 1).run {
            try await Task.sleep(for: .seconds(60))
            return 0
        }
        #expect(status == nil)
    }

    @Test func anErrorIsNoTimeout() async {
        await #expect(throws: Failure.self) {
            try await LevelTimeout(seconds: 60).run { throw Failure(.failed, "x") }
        }
    }
}
