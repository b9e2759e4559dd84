import Foundation
import SystemCalls
import SystemPackage
import TestSupport
import Testing

@Suite struct AppendOnlyFileTests {
    private func lines(_ path: FilePath) -> [Substring] {
        ((try? String(contentsOfFile: path.string, encoding: .utf8)) ?? "").split(separator: "\n")
    }

    @Test func writersAtOnceLoseNothing() async throws {
        try await Sandbox.with { sandbox in
            let (file, aside) = (sandbox.path("j"), sandbox.path("j.1"))
            await withTaskGroup(of: Void.self) { group in
                for writer in 0..<8 {
                    group.addTask {
                        for number in 0..<50 {
                            let line = Array("\(writer)-\(number)-\(String(repeating: "x", count: 80))\n".utf8)
                            try? AppendOnlyFile.append(line, to: file, limit: 1 << 20, aside: aside)
                        }
                    }
                }
            }
            let all = lines(file)
            #expect(all.count == 400)
            #expect(Set(all).count == 400)
            #expect(all.allSatisfy { $0.hasSuffix(String(repeating: "x", count: 80)) })
            #expect(lines(aside) == [])
        }
    }

    @Test func whatHasGrownIsPutAsideByOneOfTheWriters() async throws {
        try await Sandbox.with { sandbox in
            let (file, aside) = (sandbox.path("j"), sandbox.path("j.1"))
            let limit = 2000
            await withTaskGroup(of: Void.self) { group in
                for writer in 0..<8 {
                    group.addTask {
                        for number in 0..<100 {
                            try? AppendOnlyFile.append(
                                Array("\(writer)-\(number)\n".utf8), to: file, limit: limit, aside: aside)
                        }
                    }
                }
            }
            // Had two of them put it aside for one reason, the second would have taken a file of a few lines.
            let (present, earlier) = (try FileStatus.of(file), try FileStatus.of(aside))
            #expect(earlier.map { $0.size >= limit } == true)
            #expect((present?.size ?? 0) < limit + 8 * 10)
            #expect((lines(file) + lines(aside)).allSatisfy { $0.contains("-") && !$0.hasPrefix("-") })
        }
    }
}
