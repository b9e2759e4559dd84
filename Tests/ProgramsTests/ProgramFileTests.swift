import Foundation
import SystemCalls
import SystemPackage
import TestSupport
import Testing

@testable import Programs

@Suite struct ProgramFileTests {
    @Test func theFirstThatIsAFileIsTheProgram() async throws {
        try await Sandbox.with { (sandbox) async throws in
            try sandbox.write("bin/tool", "", permissions: 0o755)
            try sandbox.write("other/tool", "", permissions: 0o755)
            let tool = try Files.realPath(sandbox.path("bin/tool"))
            let other = try Files.realPath(sandbox.path("other/tool"))
            let folder = tool.removingLastComponent().string
            let gone = FilePath(tool.string + " (deleted)")
            let cases: [(link: FilePath?, executed: FilePath?, name: FilePath?, path: String?, found: FilePath?)] = [
                (tool, other, "x", nil, tool), (nil, other, "tool", folder, other), (gone, tool, nil, nil, tool),
                (nil, nil, "tool", "/nonexistent:" + folder, tool), (nil, nil, tool, nil, tool),
                (nil, "/nonexistent/tool", "tool", folder, tool), (nil, nil, "tool", nil, nil),
                (nil, nil, nil, "", nil),
                (nil, nil, "", folder, nil),
            ]
            for (link, executed, name, path, found) in cases {
                #expect(ProgramFile.find(link: link, executed: executed, name: name, searchPath: path) == found)
            }
        }
    }

    @Test func theRunningProgramIsFound() throws {
        let link = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        #expect(ProgramFile.current?.string == link)
    }
}
