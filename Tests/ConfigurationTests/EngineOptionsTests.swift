import Configuration
import Programs
import SystemPackage
import TestSupport
import Testing

/// Relative sources of mounts in options, which not every engine sees from a folder.
@Suite struct EngineOptionsTests {
    /// The words as written, and as an engine gets them.
    private func given(_ words: [String], _ verb: EngineVerb) -> [String] {
        let options = EngineOptions(words, of: verb, root: "/r")
        #expect(options.words == words)
        return ArgumentPath.putting(options.relativePaths.map(\.path), for: options.relativePaths, in: words)
    }

    @Test(arguments: [
        (["-v", "./x:/x"], ["-v", "/r/x:/x"]), (["-v./x:/x:ro"], ["-v/r/x:/x:ro"]), (["-v=./x:/x"], ["-v=/r/x:/x"]),
        (["-itv", "../x:/x"], ["-itv", "/x:/x"]), (["-itv.:/x"], ["-itv/r:/x"]),
        (["--volume=./a/../b:/x"], ["--volume=/r/b:/x"]), (["--volume", ".hidden:/x"], ["--volume", "/r/.hidden:/x"]),
        (["--mount", "type=bind,src=x,dst=/x"], ["--mount", "type=bind,src=/r/x,dst=/x"]),
        (["--mount=dst=/x,source=./a=b,type=bind,ro"], ["--mount=dst=/x,source=/r/a=b,type=bind,ro"]),
        (["--mount", #"type=bind,"src=./a,""b",dst=/x"#], ["--mount", #"type=bind,src=/r/a,"b,dst=/x"#]),
        (["-e", "-v", "-v", "./x:/x"], ["-e", "-v", "-v", "/r/x:/x"]),
        (["-v", "./a:/a", "-v", "./b:/b"], ["-v", "/r/a:/a", "-v", "/r/b:/b"]),
        (["--unknown", "-v", "./x:/x"], ["--unknown", "-v", "/r/x:/x"]),
        // Nothing of these is a relative source.
        (["-v", "data:/x"], ["-v", "data:/x"]), (["-v", "/x"], ["-v", "/x"]), (["-v", "/a,b:/x"], ["-v", "/a,b:/x"]),
        (["-e", "./x:/x"], ["-e", "./x:/x"]), (["--mount", "type=tmpfs,dst=/x"], ["--mount", "type=tmpfs,dst=/x"]),
        (["--mount", "type=volume,src=./x,dst=/x"], ["--mount", "type=volume,src=./x,dst=/x"]),
        (["--mount", "type=bind,src=,dst=/x"], ["--mount", "type=bind,src=,dst=/x"]),
        (["--env-file", "./vars"], ["--env-file", "./vars"]), (["-v"], ["-v"]), (["--mount="], ["--mount="]),
    ])
    func sourcesOfARunBecomeAbsolute(words: [String], expected: [String]) {
        #expect(given(words, .run) == expected)
    }

    @Test(arguments: [
        (["-v", "./x:/x"], ["-v", "/r/x:/x"]), (["-qv./x:/x"], ["-qv/r/x:/x"]),
        (["-t", "name", "--volume", "./x:/x"], ["-t", "name", "--volume", "/r/x:/x"]),
        (["-t", "-v", "-v", "./x:/x"], ["-t", "-v", "-v", "/r/x:/x"]),
        (["--build-arg", "-v", "-v=./x:/x"], ["--build-arg", "-v", "-v=/r/x:/x"]),
        (["--build-context", "a=./b"], ["--build-context", "a=./b"]),
    ])
    func sourcesOfABuildBecomeAbsolute(words: [String], expected: [String]) {
        #expect(given(words, .build) == expected)
    }

    @Test(arguments: [
        (["-e", "API_TOKEN=x", "--init"], ["--init"], ["API_TOKEN=x"]), (["-eAPI_TOKEN=x=y"], [], ["API_TOKEN=x=y"]),
        (["-e=API_TOKEN=x"], [], ["API_TOKEN=x"]), (["--env=API_TOKEN=x"], [], ["API_TOKEN=x"]),
        (["-ite", "API_TOKEN=x", "-t"], ["-it", "-t"], ["API_TOKEN=x"]), (["-iteKEY=x"], ["-it"], ["KEY=x"]),
        (["--env", "A=b", "--env", "MY_PASSWORD="], ["--env", "A=b"], ["MY_PASSWORD="]),
        // These hold no secret, or none that an environment may hold.
        (["-e", "API_TOKEN"], ["-e", "API_TOKEN"], []), (["--label", "TOKEN=x"], ["--label", "TOKEN=x"], []),
        (["-e", "GIT_TOKEN=x"], ["-e", "GIT_TOKEN=x"], []), (["-w", "-eTOKEN=x"], ["-w", "-eTOKEN=x"], []),
    ])
    func secretsThatTheCallerGivesStandInNoArgument(words: [String], rest: [String], secrets: [String]) {
        let taken = EngineOptions.takingSecrets(from: words)
        #expect(taken.words == rest)
        #expect(taken.secrets.map { "\($0.name)=\($0.value)" } == secrets)
    }

    @Test func optionsThatNamePathsAreBounded() async throws {
        func texts(_ count: Int, _ option: String) -> String {
            Array(repeating: option, count: count).joined(separator: ", ")
        }
        for option in ["-v, '.:/x'", "--mount, 'type=bind,src=.,dst=/x'", "'--volume=.:/x'"] {
            func mistake(_ count: Int) async throws -> String? {
                let text =
                    "images: {app: }\ntests: {levels: {unit: {command: [a],\noptions: [\(texts(count, option))]}}}"
                return try await load(text).levels[0].mistake?.description
            }
            #expect(try await mistake(1000) == nil, "\(option)")
            #expect(try await mistake(1001)?.contains("more than 1000 options that name paths") == true, "\(option)")
        }
        for option in ["-v, '.:/x'", "--build-context, 'a=.'", "--secret, 'id=a,src=b'"] {
            _ = try await load("images: {app: {buildOptions: [\(texts(1000, option))]}}")
            await #expect(throws: ConfigurationError.self) {
                _ = try await load("images: {app: {buildOptions: [\(texts(1001, option))]}}")
            }
        }
    }
}
