import ArgumentParser
import Console
import SystemCalls
import SystemPackage

/// Command lines that mean nothing, or not what they say.
enum UnusableCommandLine {
    /// Why a command line cannot be used; nil where it can.
    ///
    /// - Parameters:
    ///   - root: The program.
    ///   - guest: Its group that stands for another program.
    ///   - line: The words, the program's name first.
    ///   - isFed: Whether something is to be read from standard input.
    static func complaint<Root: ParsableCommand>(
        of root: Root.Type, guest: GuestGroup?, _ line: [[UInt8]], isFed: @autoclosure () -> Bool = isInputFed
    ) -> Failure? {
        if line.isEmpty {
            return Failure(.usage, "cannot read the command line: this process was started without one")
        }
        let words = line.dropFirst()
        if !root.configuration.subcommands.isEmpty, words.count < 2 {
            let isOnlyGroup = words.first.map { $0 == guest.map { Array($0.name.utf8) } } ?? true
            // A filter or a hook of Git's without its verb: help on stdout would become the content of a file.
            if isOnlyGroup, isFed() {
                return Failure(
                    .usage, "cannot read the command line: it names no command, and something is fed to standard input",
                    hint: "\(Root._commandName) --help")
            }
        }
        guard let number = ProcessArguments.firstThatIsNotUTF8(words) else { return nil }
        let texts = words.map { String(decoding: $0, as: UTF8.self) }
        if let guest, texts.first == guest.name, texts.count > 1, guest.pathVerbs.contains(texts[1]) { return nil }
        return Failure(
            .usage, "cannot read the command line: word \(number) is not UTF-8 (\(texts[number - 1]))",
            hint: "name the folder above, or a pattern that matches the file")
    }

    /// Whether standard input is a pipe, a socket or a file.
    private static var isInputFed: Bool {
        switch (try? FileStatus.of(FileDescriptor.standardInput))?.kind {
        case .fifo, .socket, .file: true
        default: false
        }
    }
}
