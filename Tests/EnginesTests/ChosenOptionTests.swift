import Programs
import Testing

@testable import Engines

/// What options of a caller's own choose is asked of their names: a value may look like any of them.
@Suite struct ChosenOptionTests {
    @Test(
        arguments: [
            (["--network=x"], "x"), (["--net", "x"], "x"), (["--network", "a", "--network=b"], "b"),
            (["--network="], ""),
            (["--label", "--network=x"], nil), (["-e", "--net", "-l--network=y"], nil), ([], nil), (["-it"], nil),
        ] as [([String], String?)])
    func aNetwork(options: [String], network: String?) {
        #expect(chosenNetwork(options, of: .run) == network)
    }

    @Test(
        arguments: [
            (["--network", "host"], "host"), (["--build-arg", "--network=x"], nil), (["--secret", "--net"], nil),
        ] as [([String], String?)])
    func aNetworkOfABuild(options: [String], network: String?) {
        #expect(chosenNetwork(options, of: .build) == network)
    }

    @Test(
        arguments: [
            (["--entrypoint", "x"], "x"), (["--entrypoint="], ""), (["--label", "--entrypoint=x"], nil),
            (["-e", "--entrypoint="], nil), (["--unsetenv", "--entrypoint=q"], nil), (["--label=--entrypoint"], nil),
        ] as [([String], String?)])
    func anEntrypoint(options: [String], entrypoint: String?) {
        #expect(EngineOptionWords(options).value(of: "--entrypoint") == entrypoint)
    }
}
