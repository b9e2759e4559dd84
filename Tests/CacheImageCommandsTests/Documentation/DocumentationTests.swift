import ArgumentParser
import CacheImageCommands
import Configuration
import Foundation
import ImageComposerCommands
import RunTestsCommands
import Testing

/// The pages of docs/ say of commands, keys and exit codes what the code says.
@Suite struct DocumentationTests {
    @Test(arguments: Page.all.map(\.name))
    func aPageSaysWhatTheCodeSays(name: String) throws {
        let page = try #require(Page.all.first { $0.name == name })
        if ProcessInfo.processInfo.environment["WRITE_DOCS"] == "1" { try page.write() }
        let (written, made) = (try page.text(), try page.made())
        #expect(written == made, "docs/\(name) is out of date: run make docs")
        for line in made.split(separator: "\n") {
            #expect(line.count <= Markdown.width, "docs/\(name) has a line of \(line.count) columns: \(line)")
        }
    }

    @Test func everyFlagOfTheTableIsOneOfTheCommandsWithItsText() throws {
        let options = try CommandHelp(CacheImageCommand.self).all.flatMap(\.options)
        let keys = ProjectConfiguration.keys + ProjectConfiguration.keys.flatMap(\.keys)
        let flags = keys.compactMap(\.flag)
        #expect(flags.count > 10)
        for flag in flags {
            let option = try #require(options.first { $0.names.contains(flag.name) }, "no command takes \(flag.name)")
            #expect(option.text == flag.text)
            #expect(option.valueName == flag.valueName)
            #expect(option.isRepeating == flag.isRepeated)
        }
    }

    @Test func everyCommandAndOptionHasAText() throws {
        let programs: [any ParsableCommand.Type] = [
            CacheImageCommand.self, RunTestsCommand.self, ImageComposerCommand.self,
        ]
        for command in try programs.flatMap({ try CommandHelp($0).all }) {
            #expect(!command.abstract.isEmpty, "\(command.name)")
            if command.name.hasPrefix("cache-image lfs") { continue }
            for argument in command.operands + command.options {
                #expect(argument.text.hasSuffix("."), "\(command.name) \(argument.written)")
            }
        }
    }
}
