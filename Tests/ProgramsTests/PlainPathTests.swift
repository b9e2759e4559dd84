import Programs
import SystemCalls
import SystemPackage
import TestSupport
import Testing

@Suite struct PlainPathTests {
    @Test func whatMeansSomethingSomewhereIsNotPlain() {
        for path in ["/a/b.c_d-e", "/home/müller/My Project", "/tmp/cache-image+1@2~3=4"] {
            #expect(PlainPath.isPlain(FilePath(path)), "\(path)")
        }
        for byte in Array(",\":;\n\t\r\\[]{}()!*?<>|&$`'#%^\u{7F}".utf8) + [0xFF, 0xC3] {
            #expect(!PlainPath.isPlain(FilePath(bytes: Array("/a".utf8) + [byte] + Array("b".utf8))), "\(byte)")
        }
        #expect(!PlainPath.isPlain("/a "))
        #expect(PlainPath.temporaryFolder(["TMPDIR": "/a,b"]) == "/tmp")
        #expect(PlainPath.temporaryFolder(["TMPDIR": "/var/tmp"]) == "/var/tmp")
        #expect(PlainPath.temporaryFolder([:]) == "/tmp")
    }

    @Test func aLinkStandsForAPathAsLongAsItIsUsed() async throws {
        try await Sandbox.with { sandbox in
            let odd = FilePath(bytes: sandbox.root.bytes + Array("/a,".utf8) + [0xFF])
            try Files.createDirectories(odd)
            let environment = ["TMPDIR": sandbox.root.string]
            let used = try await PlainPath.linking(
                [sandbox.root, odd], unless: PlainPath.isPlain, environment: environment
            ) { (places) async throws in
                #expect(places[0] == sandbox.root)
                #expect(PlainPath.isPlain(places[1]))
                let (link, real) = (try Files.realPath(places[1]), try Files.realPath(odd))
                #expect(link.bytes == real.bytes)
                return places[1]
            }
            #expect(!Files.exists(used) && Files.exists(odd))
        }
    }

    @Test func aProgramRunsInAFolderWhoseNameIsNoText() async throws {
        try await Sandbox.with { sandbox in
            let odd = FilePath(bytes: sandbox.root.bytes + [0x2F, 0xFF])
            try Files.createDirectories(odd)
            let program = try ChildProgram("pwd", ["-P"], in: odd, environment: sandbox.environment)
            let output = try await program.run().output
            let real = try Files.realPath(odd).bytes
            #expect(output.dropLast() == real[...])
        }
    }
}
