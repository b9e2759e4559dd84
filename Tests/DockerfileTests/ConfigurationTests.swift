import Dockerfile
import Testing

@Suite struct ConfigurationTests {
    @Test func metadataMakesNoOperations() throws {
        let text = """
            FROM x
            ENV A=1 B="2 3" C=$A
            ENV D legacy value
            LABEL a=1 "b c"=$A
            MAINTAINER $A me
            EXPOSE 80-82 53/udp 127.0.0.1:8080:443/TCP
            VOLUME /v ["/j"]
            STOPSIGNAL SIGRTMIN+3
            SHELL ["/s"]
            CMD c $A
            HEALTHCHECK --interval=1m30s --timeout=1.5s --start-period=0s --retries=2 CMD ["t"]
            ONBUILD RUN r
            USER $A

            """
        let plan = try plan(text, labels: ["a": "given"])
        let own = plan.configuration
        #expect(plan.operations.isEmpty)
        #expect(own.environment.mapValues(\.shown) == ["A": "1", "B": "2 3", "C": "", "D": "legacy value"])
        #expect(own.labels.mapValues(\.shown) == ["a": "given", "b c": "1"])
        #expect(own.author == "$A me")
        #expect(Set(own.exposedPorts.map(\.shown)) == ["80/tcp", "81/tcp", "82/tcp", "53/udp", "443/tcp"])
        #expect(Set(own.volumes.map(\.shown)) == ["/v", "[/j]"])
        #expect(own.stopSignal == .known("SIGRTMIN+3"))
        #expect(own.command == .arguments(["/s", "c $A"]))
        #expect(own.onBuild == ["RUN r"])
        #expect(own.user == .known("1"))
        #expect(own.healthcheck?.test == ["CMD", "t"])
        #expect(own.healthcheck?.interval == 90_000_000_000)
        #expect(own.healthcheck?.timeout == 1_500_000_000)
        #expect(own.healthcheck?.startPeriod == nil)
        #expect(own.healthcheck?.retries == 2)
    }

    @Test(arguments: [
        ("1.001s", 1_001_000_000), ("0.29s", 290_000_000), (".5h", 1_800_000_000_000), ("2.m", 120_000_000_000),
        ("1h2m3s4ms5us6ns", 3_723_004_005_006), ("+1s", 1_000_000_000), ("1.0000000019999999999s", 1_000_000_001),
    ])
    func durationsAreRoundedAsGoDoes(text: String, nanoseconds: Int64) throws {
        let plan = try plan("FROM x\nHEALTHCHECK --interval=\(text) CMD c\n")
        #expect(plan.configuration.healthcheck?.interval == nanoseconds)
    }

    @Test(arguments: [
        (#"["a",]"#, nil), (#"["a" ]"#, ["a"]), (#"["a"] b"#, nil), (#"["\ud800"]"#, ["\u{FFFD}"]),
        (#"["\ud83d\ude00\u00e9\/"]"#, ["😀é/"]), ("[\"a\tb\"]", nil), (#"["a", 01]"#, nil), (#"["\x"]"#, nil),
        (#"["a"#, nil), ("[]", []), (#"["a","b" "c"]"#, nil),
    ])
    func onlyWhatGoReadsIsJSON(text: String, arguments: [String]?) throws {
        let command = try plan("FROM x\nCMD \(text)\n").configuration.command
        #expect(command == .arguments(arguments ?? ["/bin/sh", "-c", text]))
    }

    @Test func anEntrypointResetsTheCommandOfEarlierStages() throws {
        #expect(try plan("FROM x\nENTRYPOINT [\"e\"]\n").configuration.command == .reset)
        #expect(try plan("FROM x\nCMD [\"c\"]\nENTRYPOINT e\n").configuration.command == .arguments(["c"]))
        let child = try plan("FROM x AS a\nCMD [\"c\"]\nFROM a\nENTRYPOINT [\"e\"]\n").configuration
        #expect(child.command == .reset)
        #expect(try plan("FROM x AS a\nCMD [\"c\"]\nFROM a\n").configuration.command == .arguments(["c"]))
        #expect(try plan("FROM x\nCMD []\n").configuration.command == .arguments([]))
    }

    @Test func childStagesInheritTheConfigurationButNoTriggers() throws {
        let own = try plan("FROM x AS a\nENV A=1\nUSER u\nEXPOSE 1\nONBUILD USER v\nFROM a\nENV A=2\n").configuration
        #expect(own.environment == ["A": .known("2")])
        #expect(own.user == .known("v"))
        #expect(own.exposedPorts == [.known("1/tcp")])
        #expect(own.onBuild.isEmpty)
    }

    @Test(arguments: [
        "EXPOSE", "EXPOSE 80/icmp", "EXPOSE 90-80", "EXPOSE 70000", "EXPOSE /tcp", "EXPOSE h:80", "EXPOSE x:1:2",
        "EXPOSE 1:2:3:4",
        "STOPSIGNAL NO", "STOPSIGNAL 0", "HEALTHCHECK", "HEALTHCHECK CMD", "HEALTHCHECK NONE x", "HEALTHCHECK TRY x",
        "HEALTHCHECK --interval=1us CMD x", "HEALTHCHECK --interval=1 CMD x", "HEALTHCHECK --retries=-1 CMD x",
        "SHELL x", "SHELL []", "CMD [[]]", "CMD [null, 1e3, {\"a\": [-0.5]}]", "HEALTHCHECK --interval=1h1 CMD x",
        "ENV A", "ENV A=1 B", "LABEL", "VOLUME", "VOLUME $NOTHING", "USER", "WORKDIR",
        "MAINTAINER", "ONBUILD", "ONBUILD FROM x", "ONBUILD ONBUILD RUN x", "ARG", "ARG =x", "CMD [1]", "FROM",
        "FROM a b", "FROM a AS 1", "ENV A=${B", "LABEL a=${A:?no}", "USER ${A:=x}",
    ])
    func faultsAreErrorsWithTheirLine(step: String) {
        #expect(refusal("FROM scratch\n\(step)\n")?.line == 2, "\(step)")
    }
}
