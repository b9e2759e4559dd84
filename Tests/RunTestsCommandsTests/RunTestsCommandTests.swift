import ArgumentParser
import Console
import Testing

@testable import Configuration
@testable import RunTestsCommands

/// The command line of `run-tests`, without an engine and without a repository.
@Suite struct RunTestsCommandTests {
    private func parse(_ words: String...) throws -> RunTestsCommand {
        try #require(try RunTestsCommand.parseAsRoot(words) as? RunTestsCommand)
    }

    @Test func wordsBehindTheDashesAreTheCommands() throws {
        let command = try parse("unit", "--frozen", "--", "-k", "name", "--rebuild", "--")
        #expect(command.level == "unit")
        #expect(command.frozen && !command.rebuild && !command.interactive && !command.list)
        #expect(command.arguments == ["-k", "name", "--rebuild", "--"])
        #expect(try parse("--", "a").level == "all")
        #expect(try parse().arguments == [])
    }

    @Test func flagsAreHandedOn() throws {
        let command = try parse(
            "-i", "--type", "test", "--tag", "t", "--build-arg", "A=1", "--build-arg", "B", "--log-level", "debug",
            "--options", "--init", "--options=-v /a:/b", "--engine", "podman")
        #expect(command.interactive)
        #expect(command.type == "test" && command.tag == "t")
        #expect(command.buildArguments == ["A=1", "B"])
        #expect(command.logLevel == "debug")
        #expect(command.options == ["--init", "-v /a:/b"])
        #expect(command.global.overrides[.engine] == "podman")
    }

    @Test(arguments: [["--bogus"], ["unit", "more"], ["--type"], ["--options"]])
    func unknownWordsAreAnErrorOfUse(words: [String]) {
        do {
            _ = try RunTestsCommand.parseAsRoot(words)
            Issue.record("\(words) was taken")
        } catch {
            #expect(RunTestsCommand.exitCode(for: error) == .validationFailure)
        }
    }

    @Test(arguments: [
        ([], ["a", "b"], "a b"), (["b"], ["a", "b"], "b"), (["all"], ["a", "all"], "all"),
        (["a", "--", "x"], ["a"], "a"),
        (["c"], ["a", "b"], "cannot run level c: it is not declared (declared levels are a, b)"),
        (["--", "x"], ["a", "b"], "cannot append arguments to all levels (name one of a, b)"),
        (["all", "--", "x"], ["all"], "all"),
        (
            [], [],
            "cannot run level all: the configuration declares no test levels "
                + "(write them under tests: levels: in cache-image.yml)"
        ),
    ])
    func levelsAreChosenInDeclaredOrder(words: [String], declared: [String], result: String) throws {
        let command = try #require(try RunTestsCommand.parseAsRoot(words) as? RunTestsCommand)
        let levels = declared.map { TestLevel(name: $0) }
        do {
            #expect(try command.chosen(from: levels).map(\.name).joined(separator: " ") == result)
        } catch let failure as Failure {
            #expect("\(failure.message) (\(failure.hint ?? ""))" == result)
            #expect(failure.code == .usage)
        }
    }

    @Test(arguments: [
        ("--init", ["--init"]), ("-v '/a b:/c'  --rm", ["-v", "/a b:/c", "--rm"]), ("", []),
        ("--env 'A=\"x\"'", ["--env", "A=\"x\""]),
    ])
    func optionsAreSplitAsAShellDoes(text: String, words: [String]) throws {
        #expect(try RunOptions.split(text) == words)
    }

    @Test(arguments: ["'open", "a; b", "$(x)", "a | b"])
    func whatOnlyAShellCanDoIsRefused(text: String) {
        do {
            _ = try RunOptions.split(text)
            Issue.record("\(text) was taken")
        } catch let failure as Failure {
            #expect(failure.code == .usage)
            #expect(failure.message.hasPrefix("cannot use --options: "))
        } catch {
            Issue.record("\(error)")
        }
    }
}
