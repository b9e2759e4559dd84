import Foundation
import SystemPackage

/// What a test needs of the machine; under REQUIRE_TOOLS=1 a missing tool fails the test instead of skipping it.
public enum Requirements {
    /// Whether all programs are on PATH, or must be.
    public static func tools(_ names: String...) -> Bool {
        if ProcessInfo.processInfo.environment["REQUIRE_TOOLS"] == "1" { return true }
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return names.allSatisfy { Sandbox.find($0, in: path).isAbsolute }
    }

    /// The folder of the shared test vectors; nil where it does not stand.
    public static var vectors: FilePath? {
        var folder = FilePath(#filePath)
        for _ in 0..<3 { folder.removeLastComponent() }
        folder = folder.removingLastComponent().appending("shared").appending("vectors")
        return FileManager.default.fileExists(atPath: folder.string) ? folder : nil
    }
}
