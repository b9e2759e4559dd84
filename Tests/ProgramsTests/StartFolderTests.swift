import SystemPackage
import Testing

@testable import Programs

@Suite struct StartFolderTests {
    @Test func aCommandNamesTheFolderAsTheUserSeesIt() {
        for (folder, start, command) in [
            ("/r", "/r", "git"), ("/r", "/r/svc", "git -C .."), ("/r/a b", "/r", "git -C 'a b'"),
            ("/r", "/some/where/else", "git -C /r"), ("/home/u/r", "/home/u", "git -C r"),
        ] {
            #expect(StartFolder.command("git", in: FilePath(folder), from: FilePath(start)) == command)
        }
        #expect(StartFolder.command("git", in: "/r", from: nil, otherwise: "lib x") == "git -C 'lib x'")
        #expect(StartFolder.command("git", in: nil, from: "/r") == "git")
    }
}
