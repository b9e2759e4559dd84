import CShims
import SystemPackage

/// The words of this process' command line, as `main` got them.
///
/// `CommandLine.arguments` reads /proc, which image builds and some sandboxes lack.
public enum ProcessArguments {
    /// All words, the program's name first; empty where the process was started without any.
    public static let all: [[UInt8]] = (0..<max(cshims_argument_count(), 0)).map { index in
        cshims_argument(index).map { Array(UnsafeRawBufferPointer(start: $0, count: length(of: $0))) } ?? []
    }

    /// The words after the program's name as text that keeps bytes which are not UTF-8.
    public static var words: [String] { all.dropFirst().map { String(keeping: $0) } }

    /// The number of the first word that is not UTF-8, as a shell counts them; nil where all are.
    public static func firstThatIsNotUTF8(_ words: some Collection<[UInt8]> = all.dropFirst()) -> Int? {
        words.enumerated().first { String(validating: $0.element, as: UTF8.self) == nil }.map { $0.offset + 1 }
    }

    private static func length(of text: UnsafePointer<CChar>) -> Int {
        var end = text
        while end.pointee != 0 { end += 1 }
        return end - text
    }
}
