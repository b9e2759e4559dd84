import Foundation
import Testing

/// Package.swift, the sources and the chart of docs/design.md ("The code") agree: a module imports just what it
/// declares, and declares only what stands on a lower level.
@Suite struct ImportTests {
    /// A target of Package.swift.
    private struct Target {
        let name: String
        /// The number of the `// Level N` line that it stands under; 0 for C libraries, nil for tests.
        let level: Int?
        let dependencies: Set<String>
    }

    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Modules of the toolchain, which Package.swift does not name.
    private static let toolchain: Set<String> = [
        "Glibc", "Synchronization", "Dispatch", "FoundationEssentials", "Foundation", "Testing",
    ]
    /// The names of Package.swift's variables for packages.
    private static let packages = [
        "argumentParser": "ArgumentParser", "systemPackage": "SystemPackage", "subprocess": "Subprocess",
    ]
    /// The one module that may see each C library.
    private static let owners = [
        "CGit2": "Git", "CArchive": "Archive", "CCrypto": "Hashing", "CCurl": "HTTP", "CYAML": "YAML",
    ]
    /// What a module must not know, however low that stands.
    private static let walls: [(module: String, unknown: Set<String>, why: String)] = [
        (
            "ImageCache",
            [
                "Dockerfile", "DockerfileRecipe", "OSRecipe", "OSTemplate", "OSPackages", "OSTree", "OSDisk",
                "OSComposer",
            ],
            "the cache knows no recipe's language"
        ),
        (
            "OSRecipe", ["Engines", "Registry", "HTTP", "OSPackages", "OSComposer"],
            "a key needs neither engine nor network"
        ),
        ("OSPackages", ["OSTree", "OSDisk", "HTTP"], "packages know no trees; programs fetch them"),
        ("OSDisk", ["OSPackages", "OSTree"], "a disk knows no packages"),
        ("OSComposer", ["Engines", "Git", "LFS", "Archive"], "an OS image knows no cache of images"),
        ("Recipes", ["Dockerfile", "YAML"], "what joins recipes knows no recipe's language"),
        ("Recipes", ["LFS", "Registry", "Archive"], "a recipe knows no entries"),
        ("CommandSession", ["DockerfileRecipe", "OSRecipe", "Recipes"], "commands know no recipe"),
        ("CacheImageCommands", ["DockerfileRecipe", "OSRecipe"], "commands know no recipe"),
        ("Context", ["Dockerfile"], "files are read for any recipe"),
        ("Records", ["Dockerfile"], "reasons are told for any recipe"),
        ("Context", ["Engines", "Registry", "HTTP"], "a key needs neither engine nor network"),
        ("Records", ["Engines", "Registry", "HTTP"], "a key needs neither engine nor network"),
        ("DockerfileRecipe", ["Engines", "Registry", "HTTP"], "a key needs neither engine nor network"),
        ("OSRecipe", ["Engines", "Registry", "HTTP", "Programs"], "a key needs neither engine, network nor program"),
        ("Engines", ["Git", "LFS", "Configuration", "Records", "Context", "Dockerfile"], "it knows images only"),
        ("Archive", ["Git", "Dockerfile"], "an archive knows images only"),
        ("LFS", ["Engines", "OCI", "Archive"], "Git LFS knows no images"),
        ("CacheImageCommands", ["RunTestsCommands"], "one program's commands"),
        ("RunTestsCommands", ["CacheImageCommands", "GitLFSCommands"], "one program's commands"),
    ]

    /// The columns of the chart in which numbers and modules stand.
    private static let chartWidth = 60

    @Test func everyModuleImportsJustWhatItDeclares() throws {
        let targets = try Self.targets().filter { $0.level != nil }
        for target in targets where target.level != 0 {
            let imports = try Self.imports(of: "Sources/\(target.name)").subtracting(Self.toolchain)
            #expect(
                imports.subtracting(target.dependencies) == [], "\(target.name) imports what Package.swift does not say"
            )
            #expect(
                target.dependencies.subtracting(imports) == [], "\(target.name) declares what it does not import")
        }
        let folders = try FileManager.default.contentsOfDirectory(atPath: Self.root.path + "/Sources")
        #expect(Set(folders) == Set(targets.map(\.name)))
    }

    @Test func testsImportJustWhatTheyDeclare() throws {
        let text = try String(contentsOf: Self.root.appendingPathComponent("Package.swift"), encoding: .utf8)
        var folders: Set<String> = []
        for match in text.matches(of: /tests\(\s*"(?<name>[^"]+)",\s*\[(?<dependencies>[^\]]*)\]/) {
            let folder = "\(match.output.name)Tests"
            folders.insert(folder)
            let imports = try Self.imports(of: "Tests/\(folder)").subtracting(Self.toolchain).subtracting([
                "TestSupport"
            ])
            #expect(imports == Self.names(match.output.dependencies), "\(folder)")
        }
        let found = try FileManager.default.contentsOfDirectory(atPath: Self.root.path + "/Tests")
        #expect(folders.count > 10 && folders == Set(found.filter { $0.hasSuffix("Tests") }))
    }

    @Test func levelsPointDown() throws {
        let targets = try Self.targets()
        let levels = Dictionary(
            uniqueKeysWithValues: targets.compactMap { target in target.level.map { (target.name, $0) } })
        #expect(Set(levels.values).count > 5)
        for target in targets {
            guard let level = target.level else { continue }
            for dependency in target.dependencies {
                guard let other = levels[dependency] else {
                    #expect(Self.packages.values.contains(dependency), "\(dependency) is on no level")
                    continue
                }
                #expect(other < level || other == 0, "\(target.name) declares \(dependency), which is not below it")
            }
        }
    }

    @Test func wallsHold() throws {
        let targets = try Self.targets()
        for wall in Self.walls {
            let target = try #require(targets.first { $0.name == wall.module })
            #expect(target.dependencies.intersection(wall.unknown) == [], "\(wall.module): \(wall.why)")
        }
        for target in targets where target.level != 0 && target.level != nil {
            for (library, owner) in Self.owners where target.dependencies.contains(library) {
                #expect(target.name == owner, "\(library) belongs to \(owner)")
            }
        }
    }

    @Test func theCacheNamesNothingOfADockerfile() throws {
        let folder = Self.root.path + "/Sources/ImageCache"
        let files = try FileManager.default.subpathsOfDirectory(atPath: folder).filter { $0.hasSuffix(".swift") }
        #expect(files.count > 20)
        for file in files {
            let text = try String(contentsOfFile: folder + "/" + file, encoding: .utf8)
            #expect(
                text.range(of: "dockerfile|heredoc", options: [.regularExpression, .caseInsensitive]) == nil, "\(file)")
        }
    }

    @Test func noFolderIsTooFullToRead() throws {
        for top in ["Sources", "Tests"] {
            let path = Self.root.path + "/" + top
            for folder in try FileManager.default.subpathsOfDirectory(atPath: path) {
                let names = (try? FileManager.default.contentsOfDirectory(atPath: path + "/" + folder)) ?? []
                #expect(names.filter { $0.hasSuffix(".swift") }.count <= 24, "\(top)/\(folder)")
            }
        }
    }

    @Test func theChartNamesEveryModule() throws {
        let text = try String(contentsOf: Self.root.appendingPathComponent("docs/design.md"), encoding: .utf8)
        let section = try #require(text.range(of: "\n## The code\n"))
        let parts = text[section.upperBound...].split(separator: "```\n", maxSplits: 2)
        let chart = try #require(parts.count == 3 ? parts[1] : nil)
        // A line is the number of the level, its modules, and from a fixed column on what they are for.
        var names: [String: Int] = [:]
        for line in chart.split(separator: "\n") {
            let words = line.prefix(Self.chartWidth).split(separator: " ")
            guard let number = words.first.flatMap({ Int($0) }) else { continue }
            for word in words.dropFirst() { names[String(word)] = number }
        }
        let levels = try Self.targets().compactMap { target in target.level.map { (target.name, $0) } }
        #expect(names == Dictionary(uniqueKeysWithValues: levels))
    }

    // MARK: Reading

    /// The modules that the files of a folder import.
    private static func imports(of folder: String) throws -> Set<String> {
        let url = root.appendingPathComponent(folder)
        var modules: Set<String> = []
        for name in try FileManager.default.subpathsOfDirectory(atPath: url.path) where name.hasSuffix(".swift") {
            let text = try String(contentsOf: url.appendingPathComponent(name), encoding: .utf8)
            for line in text.split(separator: "\n") {
                if let module = importedModule(String(line)) { modules.insert(module) }
            }
        }
        return modules
    }

    /// The targets as Package.swift writes them: `module("NAME", [DEPENDENCY, …])` and the package manager's own forms.
    private static func targets() throws -> [Target] {
        let text = try String(contentsOf: root.appendingPathComponent("Package.swift"), encoding: .utf8)
        let start = try #require(text.range(of: "    targets: ["))
        let form =
            /\/\/ Level (?<level>[0-9]+)|\/\/ Tests|(?:module|executable)\(\s*"(?<module>[^"]+)",\s*\[(?<dependencies>[^\]]*)\]|\.(?:systemLibrary|target|executableTarget)\(\s*name: "(?<library>[^"]+)"(?:, dependencies: \[(?<uses>[^\]]*)\])?/
        var level: Int? = 0
        var targets: [Target] = []
        for match in text[start.upperBound...].matches(of: form) {
            if let number = match.output.level {
                level = Int(number)
            } else if let name = match.output.module ?? match.output.library {
                let dependencies = names(match.output.dependencies ?? match.output.uses ?? "")
                targets.append(Target(name: String(name), level: level, dependencies: dependencies))
            } else {
                level = nil
            }
        }
        return targets
    }

    /// The names in a list of dependencies.
    private static func names(_ list: Substring) -> Set<String> {
        let names = list.split { ", \n".contains($0) }.map { word in
            word.hasPrefix("\"") ? String(word.dropFirst().dropLast()) : packages[String(word)] ?? String(word)
        }
        return Set(names)
    }

    /// The module that a line imports: `@testable import struct A.B` is `A`.
    ///
    /// A line that is set in is no import, but text of another language.
    private static func importedModule(_ line: String) -> String? {
        if line.first == " " { return nil }
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
