import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import SystemCalls

@Suite struct UserStateTests {
    @Test func nothingIsMadeInAHomeThatIsNotThere() async throws {
        try await Sandbox.with { sandbox in
            let (here, gone) = (sandbox.path("home"), sandbox.path("gone"))
            for (folder, home, isAllowed) in [
                (here.appending(".cache"), here.string, true), (gone.appending(".cache"), gone.string, false),
                (gone, gone.string, false), (here.appending("x"), gone.string, true),
                (gone.appending("x"), here.string, true), (gone.appending("x"), "relative", true),
                (sandbox.path("gone-too/x"), gone.string, true),
            ] {
                #expect(
                    UserState.mayBeMade(folder, environment: ["HOME": home]) == isAllowed, "\(folder) with \(home)")
            }
            #expect(
                UserState.folder(environment: ["HOME": gone.string])
                    == FilePath("/tmp").appending("cache-image-\(geteuid())"))
        }
    }

    @Test func aLibraryThatCannotBeOpenedForLackOfMeansIsNotToBeInstalled() {
        for reason in ["x.so: Too many open files", "x.so: failed to map segment: Cannot allocate memory"] {
            #expect(MissingLibrary(.crypto, reason: reason).hint == nil)
        }
        let missing = MissingLibrary(.crypto, reason: "libcrypto.so.3: cannot open shared object file: No such file")
        #expect(missing.hint == "apt-get install -y libssl3")
    }

    @Test func aPathIsSeenFromAFolder() {
        for (path, folder, seen) in [
            ("/a/b", "/a/b", "."), ("/a/b", "/a", "b"), ("/a", "/a/b/c", "../.."), ("/a/x", "/a/b", "../x"),
            ("/a/./b/../c", "/a", "c"), ("/", "/a", ".."),
        ] {
            #expect(FilePath(path).seen(from: FilePath(folder)) == seen)
        }
    }
}
