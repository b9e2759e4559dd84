import Dockerfile
import SystemCalls
import Testing

@Suite struct CopyTests {
    @Test(arguments: [
        ("a", "a"), ("./a/", "a"), ("/a//b", "a/b"), ("../../a", "a"), (".", ""), ("/", ""), ("d/../e", "e"),
        ("a*/b?", "a*/b?"), ("q\\rs", "qrs"), ("'q'r", "qr"),
    ])
    func sourcesCannotLeaveTheContext(source: String, path: String) throws {
        #expect(try plan("FROM x\nCOPY \(source) /\n").operations[0].paths == [path])
    }

    @Test(arguments: [
        ("b", "/w/b"), ("b/", "/w/b/"), (".", "/w/"), ("./", "/w/"), ("..", "/"), ("/", "/"), ("/a/../c", "/c"),
        ("/a/.", "/a/."), ("b/./", "/w/b/"), ("/.", "/"), ("./.", "/w/."), ("\"\"", "/w/"),
    ])
    func destinationsAreAbsolute(destination: String, path: String) throws {
        let plan = try plan("FROM x\nWORKDIR /w\nCOPY [\"a\", \"\(destination.filter { $0 != "\"" })\"]\n")
        #expect(plan.operations[1].destination == .known(Expanded(path)))
    }

    @Test func flagsAreExpandedAndSwitchesThatAreOffSayNothing() throws {
        let text = "FROM x\nARG U=7\nCOPY --chown=$U:1 --chmod=0755 --link=false --parents --exclude=*.o a b/\n"
        let operation = try plan(text).operations[0]
        #expect(
            operation.flags == [
                "chown": ["7:1"], "chmod": ["0755"], "parents": ["true"], "pivot": [""], "exclude": ["*.o"],
            ])
        #expect(operation.replacesModes)
    }

    @Test func symbolicModesKeepThoseOfTheSources() throws {
        #expect(try !plan("FROM x\nCOPY --chmod=u=rwX,go-w a b\n").operations[0].replacesModes)
        for mode in ["8", "77777", "rwx", "u", "=,", "u=q"] {
            #expect(refusal("FROM x\nCOPY --chmod=\(mode) a b\n")?.line == 2, "\(mode)")
        }
    }

    @Test func parentsKeepTheFolderBeforeThePivot() throws {
        let operation = try plan("FROM x\nCOPY --parents a/./b/*.py c /d/\n").operations[0]
        #expect(operation.paths == ["a/b/*.py", "c"])
        #expect(operation.flags["pivot"] == ["a", ""])
    }

    @Test func heredocsAreFilesWithTheirContent() throws {
        let text = "FROM x\nENV V=v\nCOPY <<A <<-'B' c /d/\n$V \\$V \"q\"\nA\n\t$V\r\n\tB\n"
        let operation = try plan(text).operations[0]
        #expect(
            operation.sources == [
                .path("c"), .inline(name: "A", data: "v $V \"q\"\n"), .inline(name: "B", data: "$V\r\n"),
            ])
        #expect(operation.line == 3)
        #expect(operation.endLine == 7)
    }

    @Test func remoteSourcesArePinnedByChecksumsAndCommits() throws {
        let commit = String(repeating: "a", count: 40)
        let text = """
            FROM x
            ADD https://e.org/a.tar /a
            ADD --checksum=sha256:\(String(repeating: "0", count: 64)) http://e.org/b /b
            ADD https://e.org/r.git#main:sub /r
            ADD https://e.org/r.git#\(commit):sub git@e.org:a/b.git#\(commit) /r
            ADD github.com/not/remote /n

            """
        let plan = try plan(text)
        #expect(plan.remotes.map { $0.checksum == nil } == [true, false, true, false, false])
        #expect(plan.remotes.map(\.line) == [2, 3, 4, 5, 5])
        #expect(plan.marks.map(\.name) == [.unpinned, .unpinned])
        #expect(plan.operations.last?.paths == ["github.com/not/remote"])
    }

    @Test(arguments: [
        "COPY https://e.org/f /f", "COPY git@e.org:a/b /f", "ADD --checksum=sha256:0 a b",
        "ADD --checksum=c http://e.org/a http://e.org/b /d/", "COPY a", "COPY a <<E", "COPY --from=x:$T a b",
        "COPY [x /", "COPY a[ /", "COPY --exclude=[ a /", "ADD --from=x a b", "COPY --unknown a b",
        "COPY --link=maybe a b", "ADD --checksum=sha256:12 http://e.org/a /a",
        "ADD --checksum=md5:d41d8cd98f00b204e9800998ecf8427e http://e.org/a /a", "COPY --chown a b",
        "COPY --link --link a b",
    ])
    func faultsAreFoundWithTheirLine(step: String) {
        #expect(refusal("FROM x\n\(step)\n") != nil || step == "COPY [x /")
    }

    @Test func unknownFlagsAreNotUnderstood() {
        #expect(refusal("FROM x\nCOPY --new a b\n")?.kind == .notUnderstood)
        #expect(refusal("FROM x\nNEW a\n")?.kind == .notUnderstood)
        #expect(refusal("FROM x\nRUN --mount=type=new,target=/m a\n")?.kind == .notUnderstood)
        #expect(refusal("FROM x\nCOPY a\n")?.kind == .invalid)
    }
}
