import Foundation
import Git
import JSON
import SystemPackage
import TestSupport
import Testing

@testable import LFS

struct EndpointTests {
    /// A configuration file with the variables.
    private func configuration(_ values: [String: String]) throws -> GitConfiguration {
        let lines = values.sorted { $0.key < $1.key }.map { key, value in
            let parts = key.split(separator: ".")
            let section = parts.count == 2 ? "" : " \"" + parts[1..<parts.count - 1].joined(separator: ".") + "\""
            let written = value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            return "[\(parts[0])\(section)]\n\(parts[parts.count - 1]) = \"\(written)\"\n"
        }
        return try GitConfiguration(parsing: Array(lines.joined().utf8), file: "config")
    }

    private func finder(
        _ git: [String: String], lfsconfig: [String: String] = [:], branch: String? = "main"
    ) throws -> EndpointFinder {
        let merged = LFSConfiguration(git: try configuration(git), lfsconfig: try configuration(lfsconfig))
        return EndpointFinder(merged, base: "/nowhere", branch: branch)
    }

    /// The settings, the reference, the remote, and the name that the reference has there.
    @Test(arguments: [
        ([:], "refs/heads/main", "origin", "refs/heads/main"),
        (["push.default": "upstream"], "refs/heads/main", "origin", "refs/heads/theirs"),
        (["push.default": "tracking"], "refs/heads/main", "elsewhere", "refs/heads/theirs"),
        (["push.default": "simple", "branch.main.remote": "origin"], "refs/heads/main", "origin", "refs/heads/theirs"),
        (["branch.main.remote": "origin"], "refs/heads/main", "origin", "refs/heads/theirs"),
        (["branch.main.remote": "origin"], "refs/heads/main", "elsewhere", "refs/heads/main"),
        (["push.default": "current"], "refs/heads/main", "origin", "refs/heads/main"),
        (["push.default": "nothing"], "refs/heads/main", "origin", "refs/heads/main"),
        (["push.default": "upstream"], "refs/heads/other", "origin", "refs/heads/other"),
        (["push.default": "upstream"], "refs/tags/main", "origin", "refs/tags/main"),
        (["push.default": "upstream"], "HEAD", "origin", "HEAD"),
    ])
    func aBranchHasTheNameThatThePushGivesIt(
        settings: [String: String], reference: String, remote: String, name: String
    ) throws {
        let finder = try finder(settings.merging(["branch.main.merge": "refs/heads/theirs"]) { $1 })
        #expect(finder.remoteName(of: reference, at: remote) == name)
    }

    @Test func remotesWithOneServerAreKnown() throws {
        let urls = [
            "remote.fork.url": "https://h.example/me/x", "remote.origin.url": "https://h.example/up/x",
            "remote.mirror.url": "https://h.example/me/x.git",
        ]
        #expect(try finder(urls).remotes(sharingServerOf: "fork") == ["mirror"])
        let shared = ["lfs.url": "https://user@lfs.example/x"]
        #expect(try Set(finder(urls, lfsconfig: shared).remotes(sharingServerOf: "fork")) == ["origin", "mirror"])
        let own = ["remote.origin.lfsurl": "https://h.example/me/x.git/info/lfs"]
        #expect(try Set(finder(urls.merging(own) { $1 }).remotes(sharingServerOf: "fork")) == ["origin", "mirror"])
        #expect(try finder(["remote.a.url": "/", "remote.b.url": "/"]).remotes(sharingServerOf: "a").isEmpty)
    }

    @Test
    func endpointsAreThoseOfGitLFS() throws {
        for row in try Vectors.rows("lfs.json", "endpoints") {
            func values(_ key: String) -> [String: String] {
                Dictionary(uniqueKeysWithValues: (row[key]?.members ?? []).map { ($0.name, $0.value.string ?? "") })
            }
            let finder = try finder(values("git_config"), lfsconfig: values("lfsconfig"))
            var lines: [String] = []
            for (label, remote) in [("Endpoint", "origin")]
                + finder.remotes.filter({ $0 != "origin" }).map({ ("Endpoint (\($0))", $0) })
            {
                guard let endpoint = finder.endpoint(for: .download, remote: remote) else { continue }
                lines.append("\(label)=\(endpoint.url) (auth=none)")
                if let ssh = endpoint.ssh { lines.append("  SSH=\(ssh)") }
            }
            let expected = row["observed_git_lfs_3_3_0_env"]?.array?.compactMap(\.string) ?? []
            #expect(lines == expected, "\(row["id"]?.string ?? "")")
        }
    }

    @Test
    func onlySafeKeysOfLfsconfigCount() throws {
        for (list, isAllowed) in [("lfsconfig_allowed_keys", true), ("lfsconfig_refused_examples", false)] {
            for key in try Vectors.rows("lfs.json", list).compactMap(\.string) {
                let name = key.replacingOccurrences(of: "<anything>", with: "https://h/x").replacingOccurrences(
                    of: "<name>", with: "x")
                let canonical = name.lowercased()
                let configuration = LFSConfiguration(
                    git: try configuration([:]), lfsconfig: try self.configuration([canonical: "v"]))
                #expect((configuration.string(canonical) == "v") == isAllowed, "\(key)")
                #expect(configuration.ignoredKeys == (isAllowed ? [] : [canonical]))
            }
        }
    }

    @Test func uploadsHaveTheirOwnKeys() throws {
        let git = [
            "remote.origin.url": "https://h/a.git", "remote.origin.pushurl": "https://h/push.git",
            "remote.origin.lfspushurl": "https://lfs/push",
        ]
        #expect(try finder(git).endpoint(for: .upload)?.url == "https://lfs/push")
        #expect(try finder(git).endpoint(for: .download)?.url == "https://h/a.git/info/lfs")
        var top = git
        top["lfs.pushurl"] = "https://top/push"
        #expect(try finder(top).endpoint(for: .upload)?.url == "https://top/push")
        let alias = [
            "remote.origin.url": "short:a.git", "url.https://h/.insteadof": "short:",
            "url.ssh://git@h/.pushinsteadof": "short:",
        ]
        #expect(try finder(alias).endpoint(for: .download)?.url == "https://h/a.git/info/lfs")
        #expect(try finder(alias).endpoint(for: .upload)?.ssh?.description == "git@h:/a.git")
    }

    @Test func theRemoteIsThatOfTheBranch() throws {
        let git = [
            "remote.a.url": "https://a/x", "remote.b.url": "https://b/x", "branch.main.remote": "b",
            "branch.main.pushremote": "a",
        ]
        #expect(try finder(git).defaultRemote(for: .download) == "b")
        #expect(try finder(git).defaultRemote(for: .upload) == "a")
        #expect(try finder(git, branch: nil).defaultRemote(for: .download) == "origin")
        #expect(try finder(["remote.only.url": "x"], branch: nil).defaultRemote(for: .download) == "only")
    }

    @Test func anAuthorityMayStandInBrackets() throws {
        for text in ["[git@h:1337]:a/b.git", "git@[h:1337]:a/b.git"] {
            let target = try #require(SSHTarget(short: text))
            #expect(target.userAndHost == "git@h" && target.port == "1337" && target.path == "a/b.git")
        }
        #expect(SSHTarget(short: "git@[h]:a.git")?.port == nil)
    }

    @Test(arguments: [
        "ssh://user@-oProxyCommand=evil/path", "user@-oProxyCommand=evil:path", "ssh://-l@host/path",
        "user@[-oX:22]:path", "ssh://$(id)@host/path", "ssh://host;id/path", "ssh://h`id`/path", "h|id:path",
        "ssh://a b/path", "'h':path", "ssh://h\\x/path", "ssh://h&id/path", "ssh://h(id)/path", "ssh://h>x/path",
        "-oProxyCommand=evil:path", "ssh://-oProxyCommand=evil/path", "host:-path", "ssh://h:12x/path",
    ])
    func optionsCannotHideInAnSSHAddress(url: String) throws {
        let endpoint = try finder(["remote.origin.url": url]).endpoint(for: .download)
        #expect(endpoint?.ssh == nil)
        #expect(endpoint?.isUsable != true)
    }

    @Test func localRepositoriesAreFolders() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.run("git", ["init", "-q", "--bare", "bare.git"]).check()
            try await sandbox.run("git", ["init", "-q", "plain"]).check()
            let root = sandbox.root.string
            for (url, folder) in [
                ("\(root)/bare.git", "bare.git"), ("\(root)/bare.git/", "bare.git"), ("\(root)/plain", "plain/.git"),
                ("file://\(root)/bare.git", "bare.git"), ("file://\(root)/plain", "plain/.git"),
                ("file://\(root)/plain/", "plain/.git"), ("\(root)/plain/.git", "plain/.git"),
            ] {
                #expect(
                    try finder(["remote.origin.url": url]).endpoint(for: .download)?.folder == sandbox.path(folder),
                    "\(url)")
            }
        }
    }

    @Test func aPasswordIsNotPrinted() throws {
        let endpoint = try finder(["lfs.url": "https://user:secret@h/x"]).endpoint(for: .download)
        #expect(endpoint.map { "\($0)" } == "https://***@h/x")
        #expect(endpoint?.accessURL == "https://h/x")
    }
}
