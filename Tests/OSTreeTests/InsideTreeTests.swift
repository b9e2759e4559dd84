import Foundation
import OSTemplate
import SystemCalls
import SystemPackage
import TestSupport
import Testing

@testable import OSTree

/// Trees in which a package has put links to elsewhere, and what is taken out of all.
@Suite("Trees: hostile links, normalising, accounts", .enabled(if: geteuid() == 0, "root is needed"))
struct InsideTreeTests {
    @Test func linksLeadNowhereElse() async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("outside/passwd", "outside")
            try await sandbox.run("mkdir", ["-p", "tree/real", "tree/usr"]).check()
            for (target, name) in [
                ("../outside", "up"), (sandbox.path("outside").string, "absolute"), ("/real", "inner"),
                ("loop", "loop"), ("../outside/passwd", "leaf"),
            ] { try Files.makeLink(sandbox.path("tree/\(name)"), to: target) }
            let tree = InsideTree(root: try Files.realPath(sandbox.path("tree")))
            #expect(try tree.read("/up/passwd") == nil)
            #expect(try tree.read("/absolute/passwd") == nil)
            #expect(try tree.place("/../../x") == tree.root.appending("x"))
            try tree.write("/leaf", "inside", permissions: 0o644)
            try tree.write("/inner/file", "inside", permissions: 0o640)
            try tree.write("/up/deep/file", "inside", permissions: 0o644)
            try tree.empty("/up")
            try tree.remove("/absolute/passwd")
            #expect(throws: TreeError.self) { try tree.place("/loop/x") }
            #expect(try sandbox.text("outside/passwd") == "outside")
            #expect(try sandbox.text("tree/leaf") == "inside")
            #expect(try sandbox.text("tree/real/file") == "inside")
            #expect(try Files.names(in: sandbox.path("outside")).map(\.string) == ["passwd"])
        }
    }

    @Test func mountsAreFoundAndNamed() {
        let table = """
            1 0 0:1 / / rw - ext4 /dev/a rw
            2 1 0:2 / /srv/tree/proc rw - proc proc rw
            3 1 0:2 / /srv/tree/a\\040b/c rw - tmpfs t rw
            4 1 0:2 / /srv/tree2 rw - tmpfs t rw
            """
        #expect(TreeRemoval.mounts(at: "/srv/tree", in: table) == ["/srv/tree/a b/c", "/srv/tree/proc"])
        #expect(TreeRemoval.mounts(at: "/srv/tree2", in: table) == ["/srv/tree2"])
        #expect(TreeRemoval.mounts(at: "/srv/none", in: table) == [])
    }

    @Test func normalisingTakesOutWhatDiffers() async throws {
        try await Sandbox.with { sandbox in
            for path in [
                "run/pid", "tmp/x", "var/tmp/x", "dev/null", "var/log/apt/history.log", "var/log/a.log",
                "etc/ssh/ssh_host_rsa_key", "etc/ssh/ssh_host_rsa_key.pub", "etc/passwd-", "etc/.pwd.lock",
                "var/cache/man/cs/index.db", "var/lib/ucf/hashfile.0", "var/lib/dbus/machine-id",
            ] { try sandbox.write("tree/" + path, "x") }
            try sandbox.write("tree/etc/ssh/sshd_config", "keep")
            try sandbox.write("tree/etc/machine-id", "0123")
            try sandbox.write("tree/etc/shadow", "z:*\na:*\n", permissions: 0o640)
            try sandbox.write("tree/var/lib/ucf/hashfile", "2 b\n1 a\n")
            let tree = InsideTree(root: try Files.realPath(sandbox.path("tree")))
            try TreeNormalising.apply(to: tree)
            let left = try await sandbox.run("find", ["tree", "-type", "f", "-printf", "%P %m\n"]).check().lines
            #expect(
                left.sorted() == [
                    "etc/machine-id 444", "etc/shadow 640", "etc/ssh/sshd_config 644", "var/lib/ucf/hashfile 644",
                ])
            #expect(try sandbox.text("tree/etc/shadow") == "a:*\nz:*\n")
            #expect(Files.exists(sandbox.path("tree/var/log/apt")))
        }
    }

    @Test func hostKeysAreMadeOnBoot() async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("tree/lib/systemd/system/ssh.service", "[Service]\n")
            try sandbox.write("tree/var/lib/dpkg/status-old", "x")
            try sandbox.write("tree/var/lib/apt/lists/index", "x")
            let site = TreeSite(
                template: TreeSamples.template(), packageCache: sandbox.root, scratch: sandbox.root,
                programs: TreePrograms(home: sandbox.root, log: { _ in }))
            try DebTree(site: site).normalise(InsideTree(root: Files.realPath(sandbox.path("tree"))))
            let settings = try sandbox.text("tree/etc/systemd/system/ssh.service.d/host-keys.conf")
            #expect(settings.contains("ExecStartPre=/usr/bin/ssh-keygen -A\n"))
            #expect(!Files.exists(sandbox.path("tree/var/lib/dpkg/status-old")))
            #expect(!Files.exists(sandbox.path("tree/var/lib/apt/lists/index")))
        }
    }

    @Test func diversionsAreSortedByThrees() {
        #expect(DebTree.sortedDiversions("/b\n/b.x\np\n/a\n/a.x\nq\n") == "/a\n/a.x\nq\n/b\n/b.x\np\n")
        #expect(DebTree.sortedDiversions("/b\n/a\n") == "/b\n/a\n")
        #expect(DebTree.sortedDiversions("") == "")
    }

    @Test func accountsAreWrittenTheSame() throws {
        var files = AccountFiles(
            passwd: "root:x:0:0:root:/root:/bin/bash\n", group: "root:x:0:\nadm:x:4:\nsudo:x:27:z\n",
            shadow: "root:*:1:0:99999:7:::\n", gshadow: "root:*::\nadm:*::\n")
        let account = try files.set(.init(name: "op", passwordHash: "$6$s$h", groups: ["adm", "sudo"]))
        #expect(account == .init(id: 1000, group: 1000, home: "/home/op", isNew: true))
        #expect(files.passwd.hasSuffix("op:x:1000:1000::/home/op:/bin/bash\n"))
        #expect(files.shadow.hasSuffix("op:$6$s$h:20089:0:99999:7:::\n"))
        #expect(files.group == "root:x:0:\nadm:x:4:op\nsudo:x:27:z,op\nop:x:1000:\n")
        #expect(files.gshadow == "root:*::\nadm:*::op\nop:!::\n")
        let locked = try files.set(.init(name: "svc", home: "/srv", shell: "/bin/false"))
        #expect((locked.id, locked.home) == (1001, "/srv"))
        #expect(files.shadow.hasSuffix("svc:!:20089:0:99999:7:::\n"))
        let root = try files.set(.init(name: "root", passwordHash: "$6$r$h"))
        #expect(!root.isNew)
        #expect(files.shadow.hasPrefix("root:$6$r$h:20089:"))
        for bad in [
            SystemConfig.User(name: "a:b"), .init(name: "../x"), .init(name: ""), .init(name: "x", groups: ["none"]),
            .init(name: "y", home: "/a\n/b"),
        ] { #expect(throws: TreeError.self) { try files.set(bad) } }
    }
}
