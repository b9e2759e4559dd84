import Configuration
import TestSupport
import Testing

/// Options with which the engine would not run a level's command.
@Suite struct RunOptionTests {
    static let late = "would not wait for the command"
    static let help = "would not run the command"
    static let image = "is no option: the engine would take"
    static let instead = "would run in place of the command"

    /// The words, the index of the wrong one, and what is wrong with it; nil where nothing is.
    static let cases: [(words: [String], reason: String?)] = [
        (["-d"], late), (["--detach"], late), (["--detach=true"], late), (["-dt"], late), (["-dit"], late),
        (["-td"], late), (["-d=true"], late), (["--init", "-itd"], late), (["-e", "A=b", "-d"], late),
        (["--unknown", "-d"], late), (["--unknown", "value", "-d"], late), (["--help"], help), (["-h"], help),
        (["-ih"], help), (["--", "app"], image), (["app"], image), (["--init", "app"], image), (["-it", "app"], image),
        (["--network", "none", "app", "-d"], image), ([""], image), (["--entrypoint", "/bin/true"], instead),
        (["--entrypoint=/bin/true"], instead), (["-v", "./none:/x"], "cannot mount ./none ("),
        (["-v./none:/x"], "cannot mount ./none ("), (["-itv", "./none:/x:ro"], "cannot mount ./none ("),
        (["--volume=/no/such:/x"], "cannot mount /no/such ("),
        (["--mount", "type=bind,src=./none,dst=/x"], "cannot mount ./none ("),
        (["--mount=type=bind,dst=/x,source=/no/such"], "cannot mount /no/such ("),
        (["--env-file", "none"], "cannot read none ("), (["--env-file=./none"], "cannot read ./none ("),
        (["-v"], "has no value"), (["--init", "--name"], "has no value"), (["-ite"], "has no value"),
        (["-a", "stdin"], late), (["--attach=stdin"], late), (["-astdin", "--attach", "STDIN"], late),
        (["-a", "stdin", "-a", "stdout"], nil), (["--attach=STDERR"], nil), (["--name", "x"], nil),
        ([], nil), (["--detach=false"], nil), (["--detach-keys", "ctrl-d"], nil), (["--detach-keys=d"], nil),
        (["-e", "-d"], nil), (["-ed"], nil), (["--name", "--help"], nil), (["-it", "-P"], nil),
        (["--hostname", "app"], nil), (["--unknown", "app"], nil), (["-xd", "app"], nil), (["--network=none"], nil),
        (["--entrypoint", ""], nil), (["--entrypoint="], nil), (["-v", ".:/x", "-v", "data:/x", "-v", "/y"], nil),
        (["--mount", "type=bind,src=.,dst=/x"], nil), (["--mount", "type=tmpfs,dst=/x"], nil),
        (["--mount", "type=volume,src=./none,dst=/x"], nil), (["--env-file", "cache-image.yml"], nil),
    ]

    @Test(arguments: cases)
    func aLevelWhoseCommandWouldNotRunIsAMistake(words: [String], reason: String?) async throws {
        let list = words.map { "'\($0)'" }.joined(separator: ", ")
        let levels = try await load(
            "images: {app: }\ntests: {levels: {unit: {command: [a],\noptions: [\(list)]}, other: [b]}}"
        ).levels
        let mistake = levels[0].mistake?.description
        #expect((mistake == nil) == (reason == nil), "\(words): \(mistake ?? "no mistake")")
        if let reason {
            #expect(mistake?.contains(reason) ?? false, "\(words): \(mistake ?? "")")
            #expect(mistake?.contains("cache-image.yml:3") ?? false, "\(mistake ?? "")")
        }
        #expect(levels[1].mistake == nil)
    }

    @Test(arguments: cases)
    func optionsOfTheCommandLineAreHeldToTheSame(words: [String], reason: String?) async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("cache-image.yml", "")
            let level = try await load("images: {app: }\ntests: {levels: {unit: [a]}}").levels[0]
            do {
                try level.check(options: words, .flag("--options"), root: sandbox.root)
                #expect(reason == nil, "\(words)")
            } catch {
                let text = "\(error)"
                #expect(reason.map(text.contains) ?? false, "\(words): \(text)")
                #expect(text.contains("--options"))
            }
        }
    }

    @Test(arguments: [
        ("{options: [--entrypoint, sh]}", true), ("{entrypoint: image, options: [--entrypoint, sh]}", true),
        ("{entrypoint: [tini], options: [--entrypoint, sh]}", false),
        ("{command: [a], entrypoint: image, options: [--entrypoint, sh]}", false),
        ("{command: [a], on: host, options: [-d, app]}", true),
    ])
    func anEntrypointInOptionsStandsAlone(text: String, isAllowed: Bool) async throws {
        let level = try await load("images: {app: }\ntests: {levels: {unit: \(text)}}").levels[0]
        #expect((level.mistake == nil) == isAllowed, "\(text)")
        let hint = "write `entrypoint: [sh]` in the level for what stands before its command"
        #expect(level.mistake?.hint == (isAllowed ? nil : hint))
    }
}
