import Hashing
import OSPackages
import OSTemplate
import OSTree
import SystemPackage
import TestSupport
import Testing

/// What makes signed packages, and what installs them.
private let toolsAreThere = Requirements.tools(
    "dnf", "rpm", "rpmdb", "unshare", "mount", "rpmbuild", "rpmsign", "createrepo_c", "gpg")

@Suite("RPM: installing into a tree", .enabled(if: toolsAreThere, "dnf, rpmbuild, createrepo_c or gpg is missing"))
struct RPMTreeTests {
    private func packages(_ sandbox: Sandbox, _ names: [String]) throws -> [Package] {
        try names.map { name in
            let file = "\(name)-1.0-1.noarch.rpm"
            let bytes = try sandbox.read("repo/\(file)")
            return Package(
                name: name, version: "1.0-1", architecture: "noarch", fileName: file, url: "file:///\(file)",
                size: Int64(bytes.count), sha256: SHA256Digest(of: bytes))
        }
    }

    private func install(_ names: [String], into tree: String, _ sandbox: Sandbox) async throws {
        try await sandbox.run("mkdir", ["-p", tree]).check()
        try await RPMTree.install(
            packages(sandbox, names), from: sandbox.path("repo"), into: sandbox.path(tree),
            environment: sandbox.environment, log: { _ in })
        try RPMTree.normalise(root: sandbox.path(tree))
    }

    /// Every name, mode, owner and content of a tree.
    private func content(_ tree: String, _ sandbox: Sandbox) async throws -> [String] {
        try await sandbox.run(
            "bash",
            [
                "-ec",
                "cd \(tree); find . -printf '%p %y %m %U %G %l\\n' | sort; find . -type f | sort | xargs sha256sum",
            ]
        ).check().lines
    }

    @Test("the same bytes whatever the order and the time of installation were; the system's rpm reads them")
    func identical() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeRPMRepository()
            try await install(["alpha", "beta", "delta", "gamma"], into: "one", sandbox)
            try await install(["alpha"], into: "two", sandbox)
            try await install(["gamma", "beta"], into: "two", sandbox)
            try await install(["delta"], into: "two", sandbox)
            let first = try await content("one", sandbox)
            #expect(try await content("two", sandbox) == first)
            #expect(try sandbox.text("one/usr/share/gamma/made") == "made")
            #expect(try await sandbox.run("ls", ["-A", "one/dev", "one/proc"]).output == "one/dev:\n\none/proc:\n")
            #expect(try await sandbox.run("ls", ["-A", "one/var/lib/rpm"]).lines == ["rpmdb.sqlite"])
            #expect(try sandbox.leftBehind() == [])

            let root = ["--root", sandbox.path("one").string, "--dbpath", "/var/lib/rpm"]
            let list = try await sandbox.run("rpm", root + ["-qa", "--qf", "%{NAME} %{INSTALLTIME}\n"]).check().lines
            #expect(list.sorted() == ["alpha", "beta", "delta", "gamma"].map { "\($0) \(RecipeVersion.sourceDate)" })
            try await sandbox.run("rpm", root + ["-Va"]).check()
        }
    }

    @Test("what rpm refuses is said in one line, and nothing is left mounted")
    func refused() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeRPMRepository()
            let error = await #expect(throws: PackageError.self) {
                try await install(["beta"], into: "tree", sandbox)
            }
            #expect(error?.kind == .tool)
            let text = error?.description ?? ""
            #expect(text.contains("alpha is needed by beta") && !text.contains("\n"), "\(text)")
            try await sandbox.run("cp", ["repo/alpha-1.0-1.noarch.rpm", "keep"]).check()
            try sandbox.write("repo/alpha-1.0-1.noarch.rpm", "junk")
            await #expect(throws: PackageError.self) { try await install(["alpha"], into: "tree", sandbox) }
            #expect(try sandbox.leftBehind() == [])
        }
    }

    @Test("links in a tree lead nowhere")
    func links() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeRPMRepository()
            try sandbox.write("outside/rpm/rpmdb.sqlite-wal", "kept")
            for (number, name) in ["dev", "proc", "var", "var/lib", "var/lib/rpm"].enumerated() {
                let place = sandbox.path("tree\(number)/\(name)")
                try await sandbox.run("mkdir", ["-p", place.removingLastComponent().string]).check()
                try await sandbox.run("ln", ["-s", sandbox.path("outside").string, place.string]).check()
                let error = await #expect(throws: PackageError.self) {
                    try await install(["alpha"], into: "tree\(number)", sandbox)
                }
                #expect(error?.description.contains("no plain folder") == true, "\(name)")
                try RPMTree.normalise(root: sandbox.path("tree\(number)"))
                #expect(try await sandbox.run("find", ["outside"]).lines.count == 3, "\(name)")
            }
        }
    }

    @Test("an installation that is given up leaves no process and no mount")
    func cancelled() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeRPMRepository()
            try sandbox.write("tree/slow", "")
            let task = Task { try await install(["alpha", "beta", "gamma"], into: "tree", sandbox) }
            let file = sandbox.path("tree/usr/share/gamma/data").string
            for _ in 0..<300 {
                if try await sandbox.run("test", ["-e", file]).status == 0 { break }
                try await Task.sleep(for: .milliseconds(50))
            }
            #expect(try sandbox.leftBehind() != [])
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            var left = try sandbox.leftBehind()
            for _ in 0..<40 where !left.isEmpty {
                try await Task.sleep(for: .milliseconds(50))
                left = try sandbox.leftBehind()
            }
            #expect(left == [])
            #expect(try await sandbox.run("ls", ["-A", "tree/dev", "tree/proc"]).output == "tree/dev:\n\ntree/proc:\n")
            #expect(try await sandbox.run("ls", ["-A"]).lines.filter { $0.hasPrefix(".tmp-") } == [])
        }
    }
}
