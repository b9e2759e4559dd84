import SystemCalls
import SystemPackage
import TestSupport
import Testing

@testable import OSPackages

@Suite struct PackageCacheTests {
    @Test func fetchesOnlyWhatIsMissing() async throws {
        try await Sandbox.with { sandbox in
            let made = try HandMadeCache(["a", "b", "c", "d"], in: sandbox)
            var report = try await made.ensure(Array(made.packages.prefix(2)))
            #expect(report.downloaded.map(\.name) == ["a", "b"])
            #expect(report.bytesDownloaded == 2000)
            report = try await made.ensure()
            #expect(report.cached.map(\.name) == ["a", "b"])
            #expect(report.downloaded.map(\.name) == ["c", "d"])
            #expect(report.bytesSaved == 2000)
            report = try await made.ensure(isOffline: true)
            #expect(report.cached.count == 4 && report.downloaded.isEmpty && report.replaced.isEmpty)
            #expect(made.fetched() == ["a", "b", "c", "d"])
            #expect(try Files.names(in: sandbox.path("cache/.partial")).isEmpty)
        }
    }

    /// Each file of the package's place, and what is said of it.
    @Test(arguments: ["truncated", "longer", "empty", "other", "link", "pipe", "folder"])
    func replacesWhatIsDamaged(_ damage: String) async throws {
        try await Sandbox.with { sandbox in
            let made = try HandMadeCache(in: sandbox)
            _ = try await made.ensure()
            let file = made.path(made.packages[1])
            let content = HandMadeCache.content("b")
            try Files.remove(file)
            switch damage {
            case "truncated": try sandbox.write(file.string, bytes: Array(content.dropLast()))
            case "longer": try sandbox.write(file.string, bytes: content + [0])
            case "empty": try sandbox.write(file.string, bytes: [])
            case "other": try sandbox.write(file.string, bytes: HandMadeCache.content("a"))
            case "link": try Files.makeLink(file, to: sandbox.path("mirror/b_1_all.deb").string)
            case "pipe": try await sandbox.run("mkfifo", [file.string]).check()
            default: try sandbox.write(file.string + "/within", "x")
            }
            let report = try await made.ensure()
            #expect(report.replaced.map(\.package.name) == ["b"])
            #expect(report.replaced.allSatisfy { !$0.reason.isEmpty })
            #expect(report.cached.map(\.name) == ["a", "c"])
            #expect(try sandbox.read(file.string) == content)
            #expect(try FileStatus.of(file)?.kind == .file)
            #expect(made.fetched() == ["a", "b", "c", "b"])
        }
    }

    @Test func seesEveryFlippedByte() async throws {
        try await Sandbox.with { sandbox in
            let made = try HandMadeCache(["a"], in: sandbox)
            _ = try await made.ensure()
            let (package, content) = (made.packages[0], HandMadeCache.content("a"))
            let file = made.path(package)
            #expect(try PackageCheck.of(file, package) == .whole)
            for position in content.indices {
                var bytes = content
                bytes[position] ^= 1 << UInt8(position % 8)
                let descriptor = try Files.createPlain(file)
                try Files.write(bytes, to: descriptor, named: "file")
                try descriptor.close()
                guard case .invalid = try PackageCheck.of(file, package) else {
                    Issue.record("byte \(position) is not seen")
                    return
                }
            }
        }
    }

    @Test func namesWhatIsMissingOffline() async throws {
        try await Sandbox.with { sandbox in
            let made = try HandMadeCache(["a", "b", "c", "d", "e", "f", "g", "h"], in: sandbox)
            _ = try await made.ensure([made.packages[0], made.packages[7]])
            try sandbox.write(made.path(made.packages[7]).string, "damaged")
            let error = try await packageError { _ = try await made.ensure(isOffline: true) }
            #expect(error?.kind == .offline)
            #expect(
                error?.description == "cannot fetch b_1_all.deb, c_1_all.deb, d_1_all.deb, e_1_all.deb, f_1_all.deb "
                    + "and 2 more: the build is offline (1 were damaged, and removed)")
            #expect(!Files.exists(made.path(made.packages[7])))
            // The same without a source.
            let other = try await packageError {
                _ = try await made.cache().ensure(made.packages, from: nil, isOffline: false, workers: 1)
            }
            #expect(other?.kind == .offline)
        }
    }

    @Test func keepsWhatCameAndNamesWhatDidNot() async throws {
        try await Sandbox.with { sandbox in
            let made = try HandMadeCache(in: sandbox)
            try Files.remove(sandbox.path("mirror/b_1_all.deb"))
            var error = try await packageError { _ = try await made.ensure() }
            #expect(error?.kind == .network)
            #expect(error?.description == "cannot fetch b_1_all.deb: the server did not give it, or only a part")
            #expect(Files.exists(made.path(made.packages[0])) && Files.exists(made.path(made.packages[2])))
            try sandbox.write("mirror/b_1_all.deb", bytes: HandMadeCache.content("a"))
            error = try await packageError { _ = try await made.ensure() }
            #expect(error?.kind == .untrusted)
            #expect(!Files.exists(made.path(made.packages[1])))
            try sandbox.write("mirror/b_1_all.deb", bytes: HandMadeCache.content("b"))
            let report = try await made.ensure()
            #expect(report.downloaded.map(\.name) == ["b"])
            #expect(try Files.names(in: sandbox.path("cache/.partial")).isEmpty)
        }
    }

    @Test func asksTheFamilyAboutSignatures() async throws {
        try await Sandbox.with { sandbox in
            let made = try HandMadeCache(["a", "unsigned"], in: sandbox)
            let error = try await packageError { _ = try await made.ensure() }
            #expect(error?.kind == .untrusted)
            #expect(error?.description.contains("unsigned_1_all.deb: ") ?? false)
            #expect(error?.description.hasSuffix("nobody signed it") ?? false)
        }
    }

    @Test(arguments: ["../x.deb", "a/b.deb", ".x.deb", "-x.deb", "x", "x\n.deb", ""])
    func refusesNamesOfOtherFiles(_ name: String) async throws {
        try await Sandbox.with { sandbox in
            let made = try HandMadeCache(["a"], in: sandbox)
            var package = made.packages[0]
            package.fileName = name
            let error = try await packageError { _ = try await made.ensure([package]) }
            #expect(error?.kind == .untrusted)
        }
    }

    @Test func drawsTheGraph() async throws {
        try await Sandbox.with { sandbox in
            var packages = try HandMadeCache(["b", "a", "c+\"d\\"], in: sandbox).packages
            packages[0].depends = ["a", "c+\"d\\"]
            packages[1].version = "1:2~3"
            let cache = PackageCache(folder: sandbox.root)
            try cache.writeGraph(packages)
            let text = try sandbox.text("chrootpkgs.dot")
            #expect(
                text == """
                    digraph packages {
                      "a" [label="a\\n1:2~3"];
                      "b" [label="b\\n1"];
                      "c+d" [label="c+d\\n1"];
                      "b" -> "a";
                      "b" -> "c+d";
                    }

                    """)
            let before = try FileStatus.of(sandbox.path("chrootpkgs.dot"))
            try cache.writeGraph(packages.reversed())
            #expect(try FileStatus.of(sandbox.path("chrootpkgs.dot")) == before)
            if Requirements.tools("dot") {
                try await sandbox.run("dot", ["-Tsvg", "-o", "graph.svg", "chrootpkgs.dot"]).check()
            }
        }
    }
}
