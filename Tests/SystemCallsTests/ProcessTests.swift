import Foundation
import SystemPackage
import Testing

@testable import SystemCalls

@Suite struct ProcessTests {
    @Test func wordsAreThoseOfMain() {
        #expect(ProcessArguments.all.map { String(decoding: $0, as: UTF8.self) } == CommandLine.arguments)
        #expect(ProcessArguments.words == Array(CommandLine.arguments.dropFirst()))
    }

    @Test(
        arguments: [
            ([], nil), ([[0x61]], nil), ([[0x61], [0xE9]], 2), ([[0xC3, 0xA9], []], nil), ([[0xFF], [0xFE]], 1),
        ] as [([[UInt8]], Int?)]) func theFirstWordThatIsNotUTF8IsCounted(words: [[UInt8]], number: Int?)
    {
        #expect(ProcessArguments.firstThatIsNotUTF8(words) == number)
    }

    @Test func limitsAreThoseThatProcShows() throws {
        let text = try String(contentsOfFile: "/proc/self/limits", encoding: .utf8)
        func hard(_ name: String) throws -> UInt64 {
            let line = try #require(text.split(separator: "\n").first { $0.hasPrefix(name) })
            let words = line.dropFirst(name.count).split(separator: " ")
            return UInt64(words[1]) ?? .max
        }
        #expect(ResourceLimits.files == (try hard("Max open files")))
        #expect(ResourceLimits.processes == (try hard("Max processes")))
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("CapEff:") })
        let mask = try #require(UInt64(line.dropFirst(7).trimmingCharacters(in: .whitespaces), radix: 16))
        #expect(ResourceLimits.mayRaise == (mask & (1 << 24) != 0))
    }

    @Test func everyLibraryIsThereOrNamesItsPackage() throws {
        for library in SharedLibrary.allCases {
            #expect(!library.package.isEmpty)
            try library.load()
            let missing = MissingLibrary(library, reason: "x.so: cannot open shared object file")
            #expect(missing.description == "cannot load \(library.rawValue): x.so: cannot open shared object file")
            #expect(missing.hint?.hasPrefix("apt-get install -y \(library.package)") == true)
        }
    }
}
