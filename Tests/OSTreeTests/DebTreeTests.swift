import Foundation
import Hashing
import OSPackages
import OSTemplate
import SystemCalls
import SystemPackage
import TestSupport
import Testing

@testable import OSTree

private let toolsAreThere =
    geteuid() == 0 && Requirements.tools("mmdebstrap", "apt-get", "apt-ftparchive", "unshare", "tar", "gzip")

/// The real essential packages of this machine's own mirror: three ways, one digest.
@Suite("Trees: deb", .enabled(if: toolsAreThere, "root, mmdebstrap or apt-ftparchive is missing"))
struct DebTreeTests {
    /// Fetches packages with all that they need beyond `without` into `packages`, and lists their files.
    private func files(_ words: [String], _ sandbox: Sandbox) async throws -> [String] {
        let root = sandbox.root.string
        for name in ["state/lists/partial", "cache", "packages/partial"] {
            try FileManager.default.createDirectory(atPath: "\(root)/\(name)", withIntermediateDirectories: true)
        }
        try sandbox.write("status", "")
        try sandbox.write(
            "apt.conf",
            """
            Dir::State "\(root)/state"; Dir::State::status "\(root)/status"; Dir::Cache "\(root)/cache";
            Dir::Cache::archives "\(root)/packages"; APT::Sandbox::User "root"; APT::Install-Recommends "false";
            Acquire::Languages "none"; APT::Get::Assume-Yes "true"; quiet "2";
            """)
        let variables = ["APT_CONFIG": "\(root)/apt.conf"]
        if !FileManager.default.fileExists(atPath: "\(root)/updated") {
            try await sandbox.run("apt-get", ["update"], environment: variables).check()
            try sandbox.write("updated", "")
        }
        try await sandbox.run("apt-get", ["install", "--download-only"] + words, environment: variables).check()
        return try FileManager.default.contentsOfDirectory(atPath: "\(root)/packages").filter { $0.hasSuffix(".deb") }
    }

    private func packages(_ files: [String], _ sandbox: Sandbox) throws -> [Package] {
        try files.sorted().map { file in
            let parts = file.dropLast(4).split(separator: "_").map(String.init)
            let (digest, size) = try SHA256Digest.ofFile(sandbox.path("packages/\(file)"))
            return Package(
                name: parts[0], version: parts[1], architecture: parts[2], fileName: file, url: "", size: size,
                sha256: digest)
        }
    }

    @Test func threeWaysGiveTheSameBytes() async throws {
        try await Sandbox.with { sandbox in
            let base = try await files(["?essential"], sandbox)
            let some = try await files(["?essential", "netbase"], sandbox).filter { !base.contains($0) }
            let more = try await files(["?essential", "netbase", "tree"], sandbox).filter { !base.contains($0) }
            func build(_ extras: [String], _ usesEarlierTrees: Bool) async throws -> TreeResult {
                var order = TreeOrder(
                    template: TreeSamples.template(),
                    resolution: Resolution(
                        base: try packages(base, sandbox), extras: try packages(extras, sandbox), indexes: []),
                    packageCache: sandbox.path("packages"), workFolder: sandbox.path("work"),
                    environment: sandbox.environment)
                order.usesEarlierTrees = usesEarlierTrees
                return try await TreeBuilder(order).build()
            }
            let scratch = try await build(more, false)
            let first = try await build(some, true)
            let grown = try await build(more, true)
            #expect(first.chroot == .made(reason: ChrootReason.none))
            #expect(grown.origin == .nearest(added: ["tree"]))
            #expect(grown.sha256 == scratch.sha256)
            // The tree has nothing of this machine, and says that everything is installed.
            try await sandbox.run("mkdir", ["x"]).check()
            try await sandbox.run("tar", ["-C", "x", "-xf", grown.tar.string]).check()
            let states = try await sandbox.run(
                "dpkg-query", ["--admindir=x/var/lib/dpkg", "-W", "-f", "${db:Status-Abbrev}\n"]
            ).check().lines
            #expect(Set(states) == ["ii "])
            for name in ["etc/hostname", "etc/resolv.conf", "usr/sbin/policy-rc.d", "run/packages", "dev/null"] {
                #expect(!Files.exists(sandbox.path("x/\(name)")), "\(name)")
            }
        }
    }
}
