// swift-tools-version: 6.2
import PackageDescription

/// Settings of every Swift target: the Swift 6 language mode, and no warning is let through.
let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")

/// A library module; its dependencies are the whole of what it may import (docs/design.md, "The code").
func module(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// The tests of one module, with all that they import; `TestSupport` holds the sandbox that all of them share.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: "\(name)Tests", dependencies: dependencies + ["TestSupport"], swiftSettings: strict)
}

let package = Package(
    name: "cache-image",
    products: [
        .executable(name: "cache-image", targets: ["cache-image"]),
        .executable(name: "run-tests", targets: ["run-tests"]),
        .executable(name: "image-composer", targets: ["image-composer"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
    ],
    targets: [
        // C libraries. None is linked: CLazy and CCurl load them, and say which one the machine lacks. pkgConfig would link.
        .systemLibrary(name: "CGit2", providers: [.apt(["libgit2-dev"])]),
        .systemLibrary(name: "CArchive", providers: [.apt(["libarchive-dev"])]),
        .systemLibrary(name: "CCrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CYAML", providers: [.apt(["libyaml-dev"])]),
        .target(name: "CCurl"),
        .target(name: "CLazy", dependencies: ["CGit2", "CArchive", "CCrypto", "CYAML"]),
        .target(name: "CShims"),

        // Level 1
        module("SystemCalls", ["CLazy", "CShims", systemPackage]),
        module("JSON", []),

        // Level 2
        module("Hashing", ["CCrypto", "SystemCalls", systemPackage]),
        module("Patterns", ["SystemCalls"]),
        module("YAML", ["CYAML", "SystemCalls"]),
        module("Programs", ["CShims", "SystemCalls", subprocess, systemPackage]),

        // Level 3
        module("OCI", ["Hashing", "JSON"]),
        module("OSTemplate", ["Hashing", "JSON", "Programs", "SystemCalls", "YAML", systemPackage]),

        // Level 4
        module("Dockerfile", ["OCI", "Patterns", "SystemCalls"]),
        module("Archive", ["CArchive", "OCI", "Hashing", "JSON", "SystemCalls", systemPackage]),
        module("Git", ["CGit2", "CShims", "Hashing", "Programs", "SystemCalls", systemPackage]),
        module("HTTP", ["CCurl", "Programs", "SystemCalls", systemPackage]),
        module("OSPackages", ["Hashing", "JSON", "OSTemplate", "Programs", "SystemCalls", systemPackage]),
        module("OSDisk", ["Hashing", "JSON", "OSTemplate", "Programs", "SystemCalls", systemPackage]),

        // Level 5
        module("Configuration", ["YAML", "OCI", "JSON", "Programs", "SystemCalls", systemPackage]),
        module("Records", ["OCI", "Patterns", "Git", "Hashing", "JSON", "SystemCalls", systemPackage]),
        module("Engines", ["Archive", "OCI", "Hashing", "JSON", "Programs", "SystemCalls", systemPackage, subprocess]),
        module("LFS", ["Git", "HTTP", "Hashing", "JSON", "Programs", "SystemCalls", systemPackage]),
        module("Registry", ["HTTP", "OCI", "Hashing", "JSON", "Programs", "SystemCalls", systemPackage]),
        module("OSTree", ["Hashing", "JSON", "OSPackages", "OSTemplate", "Programs", "SystemCalls", systemPackage]),

        // Level 6
        module(
            "OSComposer",
            [
                "Hashing", "JSON", "OSDisk", "OSPackages", "OSTemplate", "OSTree", "Programs", "SystemCalls",
                systemPackage,
            ]),
        module(
            "Context",
            [
                "CShims", "Records", "OCI", "Patterns", "Git", "Hashing", "JSON", "Programs", "SystemCalls",
                systemPackage,
            ]),
        module(
            "Adoption",
            [
                "Archive", "Configuration", "Dockerfile", "Git", "JSON", "LFS", "OCI", "Patterns", "Programs",
                "SystemCalls", systemPackage,
            ]),

        // Level 7
        module(
            "DockerfileRecipe",
            [
                "Context", "Records", "Dockerfile", "OCI", "Patterns", "Git", "Hashing", "JSON", "SystemCalls",
                systemPackage,
            ]),
        module(
            "OSRecipe", ["Context", "Git", "Hashing", "JSON", "OCI", "Records", "SystemCalls", "YAML", systemPackage]),
        module("Console", ["Configuration", "JSON", "SystemCalls", systemPackage]),

        // Level 8
        module(
            "Recipes",
            [
                "Configuration", "Context", "DockerfileRecipe", "Engines", "Git", "Hashing", "OCI", "OSComposer",
                "OSDisk", "OSPackages", "OSRecipe", "OSTemplate", "OSTree", "Records", "SystemCalls", systemPackage,
            ]),

        // Level 9
        module(
            "ImageCache",
            [
                "Recipes", "Configuration", "Context", "Records", "Engines", "LFS", "Registry", "Archive",
                "OCI", "Git", "Hashing", "JSON",
                "Programs", "SystemCalls", systemPackage,
            ]),

        // Level 10
        module(
            "CommandSession",
            [
                "Console", "ImageCache", "Configuration", "Records", "Engines", "LFS", "Registry", "Archive", "OCI",
                "Git", "JSON", "Programs", "SystemCalls", argumentParser, systemPackage,
            ]),

        // Level 11
        module(
            "GitLFSCommands",
            [
                "CommandSession", "Console", "Configuration", "LFS", "Git", "Hashing", "JSON", "Programs",
                "SystemCalls",
                argumentParser, systemPackage,
            ]),
        module(
            "RunTestsCommands",
            [
                "CommandSession", "Console", "ImageCache", "Configuration", "Engines", "OCI", "Programs", "SystemCalls",
                argumentParser, systemPackage,
            ]),

        // Level 12
        module(
            "CacheImageCommands",
            [
                "Adoption", "GitLFSCommands", "CommandSession", "Console", "ImageCache", "Configuration", "Context",
                "Records",
                "Engines", "HTTP", "LFS", "Archive", "OCI", "Git", "JSON", "Programs", "SystemCalls", argumentParser,
                systemPackage,
            ]),

        module(
            "ImageComposerCommands",
            [
                "CommandSession", "Console", "JSON", "OSComposer", "OSDisk", "OSPackages", "OSTemplate", "OSTree",
                "Programs", "SystemCalls", argumentParser, systemPackage,
            ]),

        // Level 13
        .executableTarget(name: "cache-image", dependencies: ["CacheImageCommands"], swiftSettings: strict),
        .executableTarget(name: "run-tests", dependencies: ["RunTestsCommands"], swiftSettings: strict),
        .executableTarget(name: "image-composer", dependencies: ["ImageComposerCommands"], swiftSettings: strict),

        // Tests
        .target(
            name: "TestSupport", dependencies: ["JSON", systemPackage, subprocess],
            path: "Tests/TestSupport",
            swiftSettings: strict),
        tests("OSTemplate", ["JSON", "OSTemplate", systemPackage]),
        tests("OSPackages", ["Hashing", "JSON", "OSPackages", "OSTemplate", "SystemCalls", systemPackage]),
        tests("OSTree", ["Hashing", "OSPackages", "OSTemplate", "OSTree", "SystemCalls", systemPackage]),
        tests("OSDisk", ["Hashing", "JSON", "OSDisk", "OSTemplate", "SystemCalls", systemPackage]),
        tests(
            "OSComposer", ["Hashing", "JSON", "OSComposer", "OSPackages", "OSTemplate", "SystemCalls", systemPackage]),
        tests("SystemCalls", ["SystemCalls", systemPackage]),
        tests("JSON", ["JSON"]),
        tests("Patterns", ["Patterns", "JSON", "SystemCalls"]),
        tests("Programs", ["Programs", "SystemCalls", systemPackage]),
        tests("Hashing", ["Hashing"]),
        tests("OCI", ["OCI", "Hashing"]),
        tests("Dockerfile", ["Dockerfile", "JSON", "Patterns", "SystemCalls"]),
        tests("Archive", ["Archive", "Hashing", "JSON", "OCI", "SystemCalls", systemPackage]),
        tests("Git", ["Git", "SystemCalls", systemPackage]),
        tests("HTTP", ["HTTP", "JSON", systemPackage]),
        tests("Configuration", ["Configuration", "JSON", "Programs", "YAML", systemPackage]),
        tests("Context", ["Context", "JSON", "Records"]),
        tests("Adoption", ["Adoption", "Configuration", "Git", "OCI", "SystemCalls", systemPackage]),
        tests(
            "DockerfileRecipe",
            ["DockerfileRecipe", "Context", "Git", "Hashing", "JSON", "OCI", "Records", "SystemCalls", systemPackage]),
        tests(
            "OSRecipe", ["Context", "DockerfileRecipe", "Git", "Hashing", "OCI", "OSRecipe", "Records", systemPackage]),
        tests("Engines", ["Engines", "Archive", "Hashing", "JSON", "OCI", "Programs", systemPackage]),
        tests("Registry", ["Registry", "Hashing", "JSON", "OCI"]),
        tests("LFS", ["LFS", "Git", "GitLFSCommands", "HTTP", "Hashing", "JSON", "SystemCalls", systemPackage]),
        tests(
            "ImageCache",
            [
                "ImageCache", "Configuration", "Git", "Hashing", "JSON", "LFS", "OCI", "Records", "SystemCalls",
                systemPackage,
            ]),
        tests("Console", ["Configuration", "Console", "JSON", "SystemCalls", systemPackage]),
        tests(
            "CommandSession",
            [
                "CommandSession", "Archive", "Configuration", "Console", "Dockerfile", "Engines", "Git", "HTTP",
                "Hashing", "ImageCache", "JSON", "LFS", "OCI", "Programs", "Records", "Registry", "SystemCalls",
                argumentParser, systemPackage,
            ]),
        tests("RunTestsCommands", ["RunTestsCommands", "Configuration", "Console", argumentParser]),
        tests(
            "CacheImageCommands",
            [
                "CacheImageCommands", "Configuration", "Console", "Engines", "ImageCache", "ImageComposerCommands",
                "JSON", "RunTestsCommands", "SystemCalls", argumentParser, systemPackage,
            ]),
        tests("Integration", ["JSON", "SystemCalls", systemPackage]),
    ],
    swiftLanguageModes: [.v6]
)
