import ArgumentParser
import Configuration
import ImageCache
import JSON
import OCI
import Records
import Testing

@testable import CommandSession

/// Command lines become what the configuration is asked for.
@Suite struct OptionTests {
    private struct Command: ParsableCommand {
        @OptionGroup var images: ImageOptions
        @OptionGroup var storing: StoringOptions
        @OptionGroup var global: GlobalOptions
    }

    private func overrides(_ words: [String]) throws -> Overrides {
        let command = try #require(try Command.parseAsRoot(words) as? Command)
        var overrides = command.global.overrides
        command.images.apply(to: &overrides)
        command.storing.apply(to: &overrides)
        return overrides
    }

    @Test(
        arguments: [
            ("--tag", .tag), ("--name", .imageName), ("--dockerfile", .dockerfile), ("--context", .context),
            ("--target", .target), ("--platform", .platform), ("--type", .type), ("--config", .config),
            ("--engine", .engine), ("--lock-timeout", .lockTimeout),
        ] as [(String, CommandFlag)])
    func aFlagWithAValueIsHandedOn(word: String, flag: CommandFlag) throws {
        #expect(try overrides([word, "value"])[flag] == "value")
        #expect(try overrides(["\(word)=value"])[flag] == "value")
        #expect(try overrides([word, "-1"])[flag] == "-1")
        #expect(try overrides([])[flag] == nil)
        #expect(flag.name == word)
    }

    @Test(
        arguments: [
            ("--offline", .offline), ("--no-stage", .noStage), ("--no-cache", .noCache), ("--trust", .trust),
            ("--allow-secret-in-image", .allowSecretInImage),
        ] as [(String, CommandFlag)])
    func aFlagWithoutAValueSaysTrue(word: String, flag: CommandFlag) throws {
        #expect(try overrides([word])[flag] == "true")
        #expect(try overrides([])[flag] == nil)
    }

    @Test func repeatedFlagsKeepTheirOrderAndOperandsTheirs() throws {
        let said = try overrides(["b", "--build-arg", "X=1", "a:t", "--label=l=1", "--build-arg", "-Y"])
        #expect(said.images == ["b", "a:t"])
        #expect(said[all: .buildArgument] == ["X=1", "-Y"])
        #expect(said[all: .label] == ["l=1"])
        #expect(try overrides(["--docker"])[.engine] == "docker")
        #expect(try overrides(["--docker", "--engine", "podman"])[.engine] == "podman")
    }

    @Test(arguments: [
        (["status", "-q"], ["status", "-q"]), (["-q", "status", "x"], ["status", "-q", "x"]),
        (["-C", "dir", "--engine", "podman", "status"], ["status", "-C", "dir", "--engine", "podman"]),
        (["--engine=podman", "config", "show"], ["config", "show", "--engine=podman"]),
        (["-v", "lfs", "pull", "x"], ["lfs", "pull", "-v", "x"]), (["-v", "lfs", "--help"], ["lfs", "-v", "--help"]),
        (["--help", "status"], ["--help", "status"]), (["-q"], ["-q"]), ([], []),
        (["--", "status"], ["--", "status"]),
        (["--config", "f"], ["--config", "f"]),
    ])
    func globalFlagsMoveBehindTheCommand(words: [String], moved: [String]) {
        #expect(GlobalOptions.hoisted(words, groups: ["lfs", "config"]) == moved)
    }

    @Test func manyReasonsAreCutUnlessAllAreAskedFor() {
        let reasons = (1...20).map { Reason(.fileAdded, path: "f\($0)") }
        #expect(ReasonList.lines(reasons, isComplete: true).count == 20)
        let short = ReasonList.lines(reasons, isComplete: false)
        #expect(short.count == 11)
        #expect(short.last == "and 10 more (cache-image explain)")
        // One line that says "and 1 more" would be no shorter.
        #expect(ReasonList.lines(Array(reasons.prefix(11)), isComplete: false).count == 11)
        #expect(ReasonList.lines([], isComplete: false) == [])
    }

    @Test(arguments: [
        ("STEP 2/8: RUN x", true), ("[2/2] STEP 3/8: COPY a b", true), ("Step 2/8 : RUN x", true),
        ("#7 [2/4] RUN make", true), ("#7 0.5 output", false), ("[info] a/b", false), ("hello", false), ("", false),
    ])
    func stepsOfABuildAreRecognised(line: String, isStep: Bool) {
        #expect(BuildDisplay.isStep(line) == isStep)
    }

    @Test func aCommandLineThatNamesNoCommandIsRefusedWhereInputIsFed() {
        struct Group: ParsableCommand {
            static let configuration = CommandConfiguration(commandName: "program", subcommands: [Command.self])
        }
        func complaint(_ words: [String], isFed: Bool) -> String? {
            UnusableCommandLine.complaint(
                of: Group.self, groups: ["lfs"], guest: nil, words.map { Array($0.utf8) }, isFed: isFed)?.message
        }
        #expect(complaint(["program"], isFed: true)?.contains("it names no command") == true)
        #expect(complaint(["program", "lfs"], isFed: true)?.contains("it names no command") == true)
        #expect(complaint(["program"], isFed: false) == nil)
        #expect(complaint(["program", "status"], isFed: true) == nil)
        #expect(complaint([], isFed: false)?.contains("without one") == true)
        let bad = UnusableCommandLine.complaint(
            of: Group.self, groups: [], guest: nil, [Array("program".utf8), Array("status".utf8), [0xFF]], isFed: false)
        #expect(bad?.message.contains("word 2 is not UTF-8") == true)
        #expect(bad?.code == .usage)
    }
}
