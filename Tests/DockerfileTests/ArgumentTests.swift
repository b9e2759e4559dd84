import Dockerfile
import Testing

@Suite struct ArgumentTests {
    @Test func buildArgumentsBeatDefaultsAndGlobalsBeatNothing() throws {
        let text = "ARG G=1\nFROM x\nARG G\nARG H=2\nARG I\nRUN a\n"
        #expect(try plan(text).operations[0].shownEnvironment == ["G": "1", "H": "2"])
        let given = try plan(text, arguments: ["G": "g", "H": "h", "I": "i", "UNDECLARED": "u"])
        #expect(given.operations[0].shownEnvironment == ["G": "g", "H": "h", "I": "i"])
    }

    @Test func globalArgumentsReachOnlyFromLines() throws {
        let plan = try plan("ARG T=1\nFROM x:$T\nRUN a\nCOPY $T/b /\n")
        #expect(plan.bases.map(\.name) == ["docker.io/library/x:1"])
        #expect(plan.operations[0].environment.isEmpty)
        #expect(plan.operations[1].paths == ["b"])
    }

    @Test func argumentsAreVisibleFromTheirLineOnUsedOrNot() throws {
        let plan = try plan("FROM x\nRUN a\nARG V=1\nRUN b\n")
        #expect(plan.operations.map(\.shownEnvironment) == [[:], ["V": "1"]])
        #expect(plan.arguments.map(\.name) == ["V"])
        #expect(plan.arguments[0].lines == [3])
    }

    @Test func laterEnvironmentWinsOverArgumentsAndLaterArgumentsOverEnvironment() throws {
        let later = try plan("FROM x\nARG V=arg\nENV V=env\nRUN a\n").operations[0]
        #expect(later.shownEnvironment == ["V": "env"])
        let earlier = try plan("FROM x\nENV V=env\nARG V=arg\nRUN a\n").operations[0]
        #expect(earlier.shownEnvironment == ["V": "arg"])
        // Other engines let ENV win here, so that its value decides, too.
        #expect(earlier.furtherValues == ["V": .known("env")])
    }

    @Test func childStagesInheritArgumentsButTheirImagesEnvironmentWins() throws {
        let plan = try plan("FROM x AS a\nENV E=env\nARG E=arg V=1\nFROM a\nRUN b\n")
        #expect(plan.operations[0].shownEnvironment == ["E": "env", "V": "1"])
    }

    @Test func argumentsThatNothingSeesDoNotCount() throws {
        let plan = try plan("FROM x\nRUN a\nARG LATE=1\n", arguments: ["LATE": "2"])
        #expect(plan.arguments.isEmpty)
        #expect(plan.operations[0].environment.isEmpty)
    }

    @Test func expansionsCountWithTheirLines() throws {
        let plan = try plan("ARG T=1\nFROM x:$T\nARG D=/d\nCOPY a $D/\nLABEL l=$D\n")
        #expect(plan.arguments.map(\.name) == ["D", "T"])
        #expect(plan.arguments.map(\.lines) == [[4, 5], [2]])
        #expect(plan.arguments.map(\.value) == ["/d", "1"])
    }

    @Test func stagesWithDifferentValuesAreListed() throws {
        let plan = try plan("FROM x AS a\nARG V=1\nRUN r\nFROM x\nARG V=2\nRUN r\nCOPY --from=a f f\n")
        #expect(plan.arguments[0].value == nil)
        #expect(plan.arguments[0].values == ["a": "1", "1": "2"])
    }

    @Test func unsetArgumentsAreListedWithoutValue() throws {
        let plan = try plan("FROM x\nARG V\nRUN a\n")
        #expect(plan.arguments[0].value == nil)
        #expect(plan.arguments[0].lines == [2])
        #expect(plan.operations[0].environment.isEmpty)
    }

    @Test func proxiesAndEpochsCountOnlyWhereDeclared() throws {
        let arguments = ["HTTP_PROXY": "p", "SOURCE_DATE_EPOCH": "1", "BUILDKIT_INLINE_CACHE": "1"]
        #expect(try plan("FROM x\nRUN a\n", arguments: arguments).operations[0].environment.isEmpty)
        let declared = try plan("FROM x\nARG SOURCE_DATE_EPOCH\nRUN a\n", arguments: arguments)
        #expect(declared.operations[0].shownEnvironment == ["SOURCE_DATE_EPOCH": "1"])
    }

    @Test func platformArgumentsNeedADeclarationInTheStage() throws {
        let text = "FROM --platform=$BUILDPLATFORM x\nARG TARGETARCH\nARG TARGETSTAGE\nRUN a\n"
        let operation = try plan(text).operations[0]
        #expect(operation.shownEnvironment == ["TARGETARCH": "amd64", "TARGETSTAGE": "default"])
    }

    @Test func defaultsSeeTheVariablesBeforeThem() throws {
        let plan = try plan("FROM x\nENV E=e\nARG A=$E$BASE B=${A}2\nRUN a\n")
        #expect(plan.operations[0].shownEnvironment == ["A": "eb", "B": "eb2", "E": "e"])
    }
}
