import ArgumentParser
import Console
import ImageCache
import Testing

@testable import CacheImageCommands

/// The commands of `cache-image`, without an engine and without a repository.
@Suite struct CommandTests {
    private func parse<Command: ParsableCommand>(_ words: String...) throws -> Command {
        try #require(try CacheImageCommand.parseAsRoot(words) as? Command)
    }

    @Test func everyCommandOfTheListIsFoundByItsName() throws {
        let names = CacheImageCommand.configuration.subcommands.compactMap { $0.configuration.commandName }
        #expect(names.count == CacheImageCommand.configuration.subcommands.count)
        #expect(Set(names).count == names.count)
        #expect(Set(names).isSuperset(of: ["update", "build", "save", "load", "status", "explain", "push", "pull"]))
        let update: UpdateCommand = try parse("update", "a", "b:c", "--check")
        #expect(update.check)
        #expect(update.images.images == ["a", "b:c"])
    }

    @Test func commandsTakeTheirOwnWords() throws {
        let load: LoadCommand = try parse("load", "--rev", "HEAD~1", "a")
        #expect(load.revision == "HEAD~1")
        let save: SaveCommand = try parse("save", "--force")
        #expect(save.force && save.images.images == [])
        let export: ExportCommand = try parse("export", "a", "a.tar", "--format", "oci", "--compress", "zstd")
        #expect((export.image, export.file, export.format, export.compress) == ("a", "a.tar", "oci", "zstd"))
        let push: PushCommand = try parse("push", "--dry-run", "--remote", "-x")
        #expect(push.dryRun && push.remote == "-x")
        let engine: EngineCommand = try parse("engine", "--absent")
        #expect(engine.absent && !engine.probe)
        let trust: TrustCommand = try parse("trust", "--list")
        #expect(trust.list && !trust.revoke)
        let doctor: DoctorCommand = try parse("doctor", "--fix")
        #expect(doctor.fix)
        let _: ConfigShowCommand = try parse("config", "show")
        let _: ConfigSchemaCommand = try parse("config", "schema")
    }

    @Test(arguments: [
        ["nothing"], ["update", "--checks"], ["export", "a"], ["export"], ["load", "--rev"], ["status", "--tag"],
        ["version", "now"], ["update", "--target"],
    ])
    func wordsThatACommandDoesNotKnowAreAnErrorOfUse(words: [String]) {
        do {
            _ = try CacheImageCommand.parseAsRoot(words)
            Issue.record("\(words) was taken")
        } catch {
            #expect(CacheImageCommand.exitCode(for: error) == .validationFailure)
        }
    }

    @Test(
        arguments: [
            (.missing, .stale), (.stale, .stale), (.corrupt, .corrupt), (.pointer, nil), (.fresh, nil),
        ] as [(EntryState, Console.ExitCode?)])
    func aStateHasItsStatus(state: EntryState, code: Console.ExitCode?) {
        #expect(state.exitCode == code)
    }
}
