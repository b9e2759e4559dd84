import Foundation
import Testing

/// Imports point down only (docs/design.md, "The code").
@Suite struct ImportTests {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The levels of the chart; a module imports from lower levels, and from its own only what `sameLevel` lists.
    static let levels: [[String]] = [
        ["CGit2", "CArchive", "CCrypto", "CCurl", "CLazy", "CYAML", "CShims"],
        ["SystemCalls", "Hashing", "JSON", "Programs"],
        ["OCI"],
        ["Dockerfile", "Archive", "Git", "HTTP"],
        ["Configuration", "Inputs", "Engines", "LFS", "Registry"],
        ["ImageCache"],
        ["Console"],
        ["CacheImageCommands", "RunTestsCommands"],
        ["cache-image", "run-tests"],
    ]
    static let sameLevel: [String: Set<String>] = [
        "Hashing": ["SystemCalls"], "Programs": ["SystemCalls"], "RunTestsCommands": ["CacheImageCommands"],
    ]
    /// The one module that may see each C library; the shims are for all.
    static let owners = [
        "CGit2": ["Git"], "CArchive": ["Archive"], "CCrypto": ["Hashing"], "CCurl": ["HTTP"],
        "CYAML": ["Configuration"],
    ]
    /// Modules of the toolchain and of packages.
    static let outside: Set<String> = [
        "Glibc", "Synchronization", "Dispatch", "FoundationEssentials", "SystemPackage", "Subprocess",
        "ArgumentParser",
    ]

    static func level(of module: String) -> Int? { levels.firstIndex { $0.contains(module) } }

    @Test func importsPointDown() throws {
        var seen = 0
        for module in try FileManager.default.contentsOfDirectory(atPath: Self.root.path + "/Sources").sorted() {
            let folder = Self.root.appendingPathComponent("Sources/\(module)")
            let level = try #require(Self.level(of: module), "\(module) is not in the chart")
            let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
            while let file = files?.nextObject() as? URL {
                guard file.pathExtension == "swift" else { continue }
                for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
                    guard let imported = Self.importedModule(String(line)) else { continue }
                    seen += 1
                    let place = "\(module)/\(file.lastPathComponent) imports \(imported)"
                    if Self.outside.contains(imported) { continue }
                    let other = try #require(Self.level(of: imported), "\(place), which is not in the chart")
                    if let owners = Self.owners[imported] {
                        #expect(owners.contains(module), "\(place), which belongs to \(owners)")
                    } else {
                        let isAllowed = other < level || Self.sameLevel[module]?.contains(imported) == true
                        #expect(isAllowed, "\(place), which is not below it")
                    }
                }
            }
        }
        #expect(seen > 50)
    }

    @Test func theInsideOfTheProgramKnowsNothingAboveIt() {
        // `ImageCache` meets Dockerfiles only through the inputs, and `Inputs` knows no engine.
        #expect(Self.level(of: "Inputs") == Self.level(of: "Engines"))
        #expect(Self.sameLevel["Inputs"] == nil)
    }

    /// The module that a line imports: `@testable import struct A.B` is `A`.
    private static func importedModule(_ line: String) -> String? {
        var words = line.split(separator: " ").map(String.init)
        while let first = words.first,
            first.hasPrefix("@") || ["public", "internal", "private", "package"].contains(first)
        {
            words.removeFirst()
        }
        guard words.count > 1, words.removeFirst() == "import" else { return nil }
        if ["struct", "class", "enum", "func", "var", "let", "protocol", "typealias"].contains(words[0]) {
            words.removeFirst()
        }
        return words.first?.split(separator: ".").first.map(String.init)
    }
}
