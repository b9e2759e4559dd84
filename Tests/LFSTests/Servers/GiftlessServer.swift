import Foundation
import JSON
import SystemPackage
import TestSupport

/// giftless, a real LFS server, installed by `ci/lfs-servers`; and repositories that talk to it.
struct GiftlessServer: Sendable {
    /// Where giftless keeps objects, and whom it lets in.
    enum Mode: String, CaseIterable, Sendable {
        /// A: files of its own, anybody.
        case local
        /// B: S3 with presigned URLs, a token.
        case s3
    }

    let mode: Mode
    let server: ScriptServer
    let sandbox: Sandbox

    /// The interpreter of the servers' virtual environment; nil where it is not installed.
    static var interpreter: FilePath? { Requirements.giftless }

    /// Whether the servers can run, or must.
    static var isAvailable: Bool {
        Requirements.hasGiftless && Requirements.tools("git", "git-lfs")
    }

    /// Starts a server, makes an empty bare repository `demo.git` and a folder `u` that knows both, and runs `body`.
    static func with(_ mode: Mode, _ body: (GiftlessServer) async throws -> Void) async throws {
        guard let interpreter else { throw Missing() }
        try await Sandbox.with { sandbox in
            // giftless fails where two uploads at once make this folder.
            try sandbox.write("objects/team/demo/.keep", "")
            let arguments = [mode.rawValue, sandbox.path("objects").string]
            try await ScriptServer.with(
                "giftless-server.py", arguments, in: sandbox, interpreter: interpreter
            ) { server in
                let fixture = GiftlessServer(mode: mode, server: server, sandbox: sandbox)
                try await fixture.prepare()
                try await body(fixture)
            }
        }
    }

    /// The URL of the LFS API.
    var url: String { server.url + "/team/demo.git/info/lfs" }

    private func prepare() async throws {
        try await sandbox.run("git", ["init", "-q", "--bare", "demo.git"]).check()
        if mode == .s3 {
            let helper = "!printf 'username=_jwt\\npassword=%s\\n' \"$(cat '\(sandbox.path("objects/token"))')\"; :"
            try await sandbox.run("git", ["config", "--global", "credential.helper", helper]).check()
        }
        try await sandbox.run("git", ["init", "-q", "u"]).check()
        try await sandbox.run("git", ["remote", "add", "origin", "../demo.git"], in: "u").check()
        try await sandbox.run("cache-image", ["lfs", "install"], in: "u").check()
        try sandbox.write("u/.gitattributes", "docker-cache/*.tar filter=lfs diff=lfs merge=binary -text\n")
        try sandbox.write("u/.lfsconfig", "[lfs]\n\turl = \(url)\n")
    }

    /// Commits files below docker-cache in a folder and pushes.
    func publish(_ files: [String: [UInt8]], in folder: String, environment: [String: String?] = [:]) async throws {
        for (name, bytes) in files { try sandbox.write("\(folder)/docker-cache/\(name)", bytes: bytes) }
        for words in [["add", "."], ["commit", "-qm", "images"], ["push", "-q", "origin", "main"]] {
            try await sandbox.run("git", words, in: folder, environment: environment).check()
        }
    }

    /// The environment in which Git runs the real git-lfs as its filter.
    func withGitLFS() async throws -> [String: String?] {
        let file = sandbox.path("home/.gitconfig-lfs").string
        try sandbox.write("home/.gitconfig-lfs", "[include]\n\tpath = .gitconfig\n")
        let environment: [String: String?] = ["GIT_CONFIG_GLOBAL": file]
        try await sandbox.run("git", ["lfs", "install", "--skip-repo"], environment: environment).check()
        return environment
    }

    /// The requests of a server with a method whose path ends in a text.
    func requests(_ method: String, _ suffix: String = "", at name: String? = nil) throws -> [JSONValue] {
        try server.requests().filter {
            $0["method"]?.string == method && $0["path"]?.string?.hasSuffix(suffix) == true
                && (name == nil || $0["server"]?.string == name)
        }
    }

    struct Missing: Error {}
}
