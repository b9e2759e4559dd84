import Dockerfile
import Testing

@Suite struct UnlockedBaseTests {
    @Test func wordsThatNeedTheBaseStaySymbolicWithWhatIsKnown() throws {
        let plan = try plan("FROM x\nARG A=1\nENV P=$A:$PATH\nRUN r\n", base: nil)
        guard case .symbolic(let symbol) = plan.operations[0].environment["P"] else {
            Issue.record("the value is known")
            return
        }
        #expect(symbol.text == "$A:$PATH")
        #expect(symbol.values == ["A": .known("1")])
        #expect(plan.configuration.environment["P"] == .symbolic(symbol))
        #expect(plan.marks.map(\.name) == [.basesUnlocked])
        #expect(!plan.needsWholeContext)
    }

    @Test func folderUserAndShellOfTheBaseAreAssumed() throws {
        let plan = try plan("FROM x\nRUN r\nWORKDIR d\nRUN s\nSHELL [\"/b\"]\nUSER u\nRUN t\n", base: nil)
        let runs = plan.operations.filter { $0.kind == .run }
        #expect(runs.map(\.assumesShell) == [true, true, false])
        #expect(runs.map(\.argv.first) == ["/bin/sh", "/bin/sh", "/b"])
        #expect(runs.map(\.workingDirectory.shown) == ["/", "/d", "/d"])
        #expect(runs.map(\.workingDirectory.string) == [nil, nil, nil])
        #expect(runs.map(\.user.string) == [nil, nil, "u"])
    }

    @Test func relativeFoldersDifferFromAbsoluteOnes() throws {
        let relative = try plan("FROM x\nWORKDIR /a/../b\nWORKDIR c\nRUN r\n", base: nil).operations.last
        #expect(relative?.workingDirectory == .known("/b/c"))
        let texts = ["WORKDIR ../a", "WORKDIR a", "WORKDIR /a"]
        let folders = try texts.map { try plan("FROM x\n\($0)\nRUN r\n", base: nil).operations[1].workingDirectory }
        #expect(Set(folders).count == 3)
        #expect(folders.map(\.shown) == ["/a", "/a", "/a"])
    }

    @Test(arguments: [
        "COPY $X/a /a", "ADD $X /a", "ADD ${X}https://a.org/b /a", "ADD ${X:+https://a.org}/b /a",
        "RUN --mount=source=$X,target=/m r",
    ])
    func sourcesThatNeedTheBaseWidenTheScope(step: String) throws {
        let plan = try plan("FROM x\n\(step)\n", base: nil)
        #expect(plan.needsWholeContext)
        #expect(plan.marks.map(\.name).contains(.inexact))
    }

    @Test(arguments: ["WORKDIR $X", "USER $X", "WORKDIR a/${X:-b}"])
    func foldersAndUsersThatNeedTheBaseWidenNothing(step: String) throws {
        let plan = try plan("FROM x\n\(step)\nCOPY a /\n", base: nil)
        #expect(!plan.needsWholeContext)
        #expect(plan.marks.map(\.name) == [.basesUnlocked])
    }

    @Test(arguments: [
        "https://a.org/$X", "http://$X/b", "\"https://a.org/$X\"", "git://a.org/$X.git", "https://a.org/${X:-b}",
    ])
    func urlsThatNeedTheBaseMeanNoFile(url: String) throws {
        let plan = try plan("FROM x\nADD \(url) /a\n", base: nil)
        #expect(!plan.needsWholeContext)
        #expect(plan.remotes.count == 1 && plan.remotes[0].checksum == nil)
        #expect(plan.marks.map(\.name).contains(.unpinned))
        #expect(refusal("FROM x\nCOPY \(url) /a\n", base: nil)?.reason.contains("for COPY") == true)
    }

    @Test func destinationsAndFlagsThatNeedTheBaseDoNot() throws {
        let plan = try plan("FROM x\nARG G=1\nCOPY --chown=$USER:$G a $HOME/\n", base: nil)
        #expect(!plan.needsWholeContext)
        #expect(plan.operations[0].paths == ["a"])
        #expect(plan.operations[0].flags == ["chown": ["$USER:$G"]])
        guard case .symbolic(let symbol) = plan.operations[0].furtherValues["chown"] else {
            Issue.record("the flag is known")
            return
        }
        #expect(symbol.values == ["G": .known("1")])
    }

    @Test func heredocsThatNeedTheBaseKeepWhatIsKnown() throws {
        let plan = try plan("FROM x\nENV K=1\nCOPY <<E /e\n$K$HOME\nE\n", base: nil)
        #expect(plan.operations[0].furtherValues["<<E"] != nil)
    }

    @Test func argumentsOfParentStagesMayBeHiddenByTheBase() throws {
        let plan = try plan("FROM x AS a\nARG V=1\nFROM a\nRUN r\n", base: nil)
        #expect(plan.operations[0].environment["V"]?.string == nil)
        #expect(plan.operations[0].environment["V"]?.shown == "1")
    }

    @Test func namesThatAreNotKnownHideEverything() throws {
        let plan = try plan("FROM x\nENV A=1\nENV $B=2\nCOPY $A /a\n", base: nil)
        #expect(plan.needsWholeContext)
    }

    @Test func aDigestInTheReferenceIsExactWithoutALock() throws {
        let digest = "sha256:" + String(repeating: "0", count: 64)
        let plan = try plan("FROM x@\(digest)\nRUN r\n", base: nil)
        #expect(plan.marks.isEmpty)
        #expect(plan.bases[0].digest?.description == digest)
        #expect(plan.operations[0].assumesShell)
    }

    @Test func nothingOfScratchIsUnknown() throws {
        let plan = try plan("FROM scratch\nENV P=$PATH:$X\nWORKDIR a\nCOPY $X/b c\n", base: nil)
        #expect(plan.marks.isEmpty)
        let path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        #expect(plan.configuration.environment == ["P": .known(Expanded(path + ":"))])
        #expect(plan.operations.map(\.destination) == [.known("/a"), .known("/a/c")])
    }

    @Test func lockedBasesWithoutAPathHaveTheDefaultOne() throws {
        let plan = try plan("FROM x\nENV P=$PATH\n", base: BaseImage())
        #expect(plan.configuration.environment["P"]?.shown.hasPrefix("/usr/local/sbin:") == true)
    }
}
