import Foundation
import SystemPackage
import TestSupport
import Testing

/// The same commands for git-lfs and for this program under git-lfs's name; stdout, stderr and status must agree.
@Suite(.enabled(if: Requirements.tools("git", "git-lfs", "sh")))
struct SideBySideTests {
    /// A list of shell commands, run in the folder `w` of a sandbox with a remote `srv.git`.
    struct Scenario: CustomTestStringConvertible, Sendable {
        let name: String
        let commands: [String]
        var testDescription: String { name }
    }

    private static let content = """
        git lfs track '*.dat' >&2; printf a >a.dat; printf bb >b.dat; mkdir d; printf ccc >d/c.dat; echo t >t.txt
        git add .; git commit -qm one
        """

    static let scenarios = [
        Scenario(
            name: "pointer",
            commands: [
                "echo simple >f; git lfs pointer --file=f >good; sed s/7$/123/ good >wrong; echo none >bad; echo >blank",
                "git lfs pointer --file=f", "git lfs pointer --file=f --pointer=good",
                "git lfs pointer --file=f --pointer=wrong", "git lfs pointer --file=f --stdin <good",
                "git lfs pointer --pointer=bad", "git lfs pointer --stdin <blank", "git lfs pointer --stdin </dev/null",
                "git lfs pointer", "git lfs pointer f", "git lfs pointer --file=none", "git lfs pointer --file=.",
                "git lfs pointer --pointer=good --stdin", "git lfs pointer --check",
                "git lfs pointer --check --file good",
                "git lfs pointer --check --file good --stdin", "git lfs pointer --check --pointer good",
                "git lfs pointer --check --strict --stdin <good", "git lfs pointer --check --stdin <blank",
                "git lfs pointer --strict --no-strict --check --file good",
            ]),
        Scenario(
            name: "filters",
            commands: [
                "git lfs clean x </dev/null", "git lfs smudge x </dev/null", "echo text | git lfs clean x",
                "echo text | git lfs clean x | git lfs smudge x", "echo none | git lfs smudge x",
                "echo none | git lfs smudge", "echo text | git lfs clean | git lfs smudge --skip x",
                "ls .git/hooks | grep -v sample; cat .git/hooks/p*",
            ]),
        Scenario(
            name: "track",
            commands: [
                "git lfs track", "git lfs track '*.jpg'", "git lfs track '*.jpg'", "git lfs track",
                "touch foo.dat; git add foo.dat; git lfs track --verbose foo.dat", "git lfs track --dry-run new.dat",
                #"git lfs track 'foo bar\*' /images ' ' '#' 'with #.x' ./a.x"#, "mkdir a; git lfs track a/test.file",
                "cd a; git lfs track test.file; git lfs track file.bin; cat .gitattributes", "git lfs track a/file.bin",
                "git lfs track --lockable x.jpg", "git lfs track x.jpg", "git lfs track --not-lockable x.jpg",
                "git lfs track --filename 'we[i]rd*.x'", "git lfs track --filename 'we[i]rd*.x'",
                "touch .gitattributes; git add .gitattributes; git lfs track .gitattributes", "cat a/.gitattributes",
                "git lfs untrack x.jpg nope ./a.x", "git lfs untrack",
                "echo './old.x filter=lfs' >.gitattributes; git lfs untrack old.x; cat .gitattributes",
                "cd .git; git lfs track x",
            ]),
        Scenario(
            name: "line ends of .gitattributes",
            commands: [
                "git config core.autocrlf true; git lfs track '*.a'; git lfs track '*.b'", "cat -A .gitattributes",
                "git config core.autocrlf false; git lfs track '*.c'", "cat -A .gitattributes",
                "rm .gitattributes; git config core.autocrlf input; git lfs track '*.a'; cat -A .gitattributes",
            ]),
        Scenario(
            name: "lists and states",
            commands: [
                "git lfs ls-files", "git lfs status", content, "git lfs ls-files", "git lfs ls-files -l -s",
                "git lfs ls-files -n", "git lfs ls-files --debug", "git lfs ls-files --json",
                "git lfs ls-files -I 'a*'",
                "git lfs ls-files -X d", "git lfs ls-files --all main", "git lfs ls-files -- --all",
                "git push -qu origin main >/dev/null; git lfs status",
                "echo n >n.dat; echo new >b.dat; git add n.dat; git rm -q d/c.dat; git mv a.dat ren.dat; echo u >>t.txt",
                "git lfs status", "git lfs status --porcelain", "git lfs status --json",
                "mkdir -p d; cd d; git lfs status",
                "git add -A; git commit -qm two; git lfs status", "git lfs ls-files HEAD~ HEAD",
                "git lfs ls-files --all",
                "git lfs ls-files --deleted", "git lfs fsck", "git lfs fsck HEAD~..HEAD", "git lfs fsck nope",
                "rm -r .git/lfs/objects; git lfs fsck", "git lfs fsck --pointers",
            ]),
        Scenario(
            name: "fetch, pull, checkout",
            commands: [
                content, "git push -q origin main >/dev/null",
                "cd ..; GIT_LFS_SKIP_SMUDGE=1 git clone -q srv.git c", "cd ../c; git lfs checkout",
                "cd ../c; git lfs fetch", "cd ../c; git lfs fetch", "cd ../c; git lfs fetch --all",
                "cd ../c; git lfs fetch --all origin main", "cd ../c; git lfs fetch --recent",
                "cd ../c; git lfs fetch -a -I x",
                "cd ../c; git lfs fetch --all --recent", "cd ../c; git lfs fetch nope",
                "cd ../c; git lfs fetch origin nope",
                "cd ../c; git lfs checkout; cat *.dat", "cd ../c; rm *.dat d/c.dat; git lfs checkout b.dat; ls",
                "cd ../c/d; git lfs checkout .; ls . ..", "cd ../c; git lfs checkout --to x --ours b.dat",
                "cd ../c; git lfs checkout --to x b.dat", "cd ../c; git lfs checkout --to x --ours --base b.dat",
                "cd ../c; rm -rf .git/lfs/objects *.dat; git lfs pull -I 'b*'; ls",
                "cd ../c; git lfs pull; git status -s; ls",
                "cd ../c; git lfs pull nope",
                "cd ../c; git config --global --unset-all "
                    + "filter.lfs.clean; git config --global --unset-all filter.lfs.process; git lfs checkout",
            ]),
        Scenario(
            name: "push",
            commands: [
                content, "git lfs push", "git lfs push nope main", "git lfs push origin nope",
                "git lfs push --dry-run origin main", "git lfs push --dry-run --all origin",
                "git lfs push --object-id origin", "git lfs pre-push", "git lfs pre-push nope",
                "echo refs/heads/main $(git rev-parse HEAD) refs/heads/main 0000000000000000000000000000000000000000 | "
                    + "git lfs pre-push --dry-run origin x", "echo | GIT_LFS_SKIP_PUSH=1 git lfs pre-push origin x",
            ]),
        Scenario(
            name: "install",
            commands: [
                "git lfs install", "cat ~/.gitconfig | grep -A4 filter | sort", "ls .git/hooks | grep -v sample",
                "cat .git/hooks/p*", "git config --global filter.lfs.clean 'git-lfs clean %f'; git lfs install",
                "git config --global filter.lfs.clean 'git-lfs clean --other %f'; git lfs install",
                "git lfs install --force; git config filter.lfs.clean", "git lfs install --skip-smudge --skip-repo",
                "git config filter.lfs.smudge; git lfs install --local; git config --local filter.lfs.smudge",
                "echo mine >.git/hooks/pre-push; git lfs install", "git lfs update", "git lfs update --manual",
                "git lfs uninstall hooks; cat .git/hooks/pre-push",
                #"printf '#!/bin/sh\ngit lfs push --stdin "$@"\n' >.git/hooks/pre-push; git lfs update"#,
                "git lfs update --force", "git lfs install --local --system", "git lfs uninstall --local --worktree",
                "git lfs uninstall --local", "ls .git/hooks | grep -v sample", "cd ..; git lfs install; git lfs update",
                "cd ..; git lfs install --local",
            ]),
        Scenario(
            name: "where there is no work tree, no repository or no verb",
            commands: [
                "cd ../srv.git; git lfs status", "cd ../srv.git; git lfs track x", "cd ../srv.git; git lfs checkout",
                "cd ../srv.git; git lfs ls-files", "cd ..; git lfs ls-files", "cd ..; git lfs status",
                "cd ..; git lfs fsck", "cd ..; git lfs fetch", "cd ..; git lfs pull", "cd ..; git lfs track x",
                "cd ..; git lfs checkout", "cd ..; git lfs env | grep -v ^git-lfs/", "git lfs nonsense",
                "git lfs post-checkout",
                "git lfs post-checkout a b 1",
                "git lfs post-commit", "git lfs post-merge", "git lfs post-merge 0", "git lfs merge-driver",
                "git lfs ext", "git lfs logs", "git lfs logs last",
            ]),
        Scenario(
            name: "surplus words",
            commands: [
                content, "git push -q origin main >/dev/null; rm -rf .git/lfs/objects; git lfs pull origin main",
                "cat .git/lfs/objects/*/*/*", "git lfs ls-files HEAD HEAD x", "git lfs post-checkout a b 1 x",
                "git lfs post-merge 0 x", "git lfs post-commit x", "git lfs logs x", "git lfs status x",
                "git lfs version x >/dev/null", "git lfs clean a.dat x <a.dat",
                "git lfs clean a.dat <a.dat | git lfs smudge a.dat x",
                "git lfs pre-push origin ../srv.git x </dev/null",
                "git lfs push --stdin origin </dev/null", "echo main | git lfs push --stdin origin x",
                "git lfs push --object-id --stdin origin </dev/null",
            ]),
        Scenario(
            name: "what became of files",
            commands: [
                content + "; ln -s t.txt l; git add l; git commit -qm two",
                "chmod +x a.dat; git lfs status; git add a.dat; git lfs status --porcelain; git reset -q --hard",
                "rm a.dat; mkdir a.dat; git lfs status; git lfs status --json; git reset -q --hard",
                "rm a.dat; ln -s b.dat a.dat; git lfs status --porcelain; git add a.dat; git lfs status --json",
                "git reset -q --hard; rm l; echo x >l; git lfs status; git reset -q --hard",
                "echo n >n.dat; echo n >n.txt; git add .; echo more >n.dat; rm n.txt; git lfs status",
                "git lfs status --porcelain; git lfs status --json; git reset -q --hard",
                "git rm -q --cached b.dat; git lfs status; git reset -q --hard; : >a.dat; git add a.dat; git lfs status",
                "git reset -q --hard; git mv b.dat z.dat; echo q >z.dat; git lfs status --porcelain; git lfs status --json",
            ]),
        Scenario(
            name: "env",
            commands: [
                "git lfs env | sed 1d | grep -v '^GIT_'", "cd .git; git lfs env | grep Local",
                "git config lfs.url http://example.org/x; git config lfs.concurrenttransfers 5; git lfs env | sed 1d | grep -v GIT",
                "git remote add other ssh://git@example.org:22/x.git; git lfs env | sed 1d | grep -A1 Endpoint",
                "git remote rename origin only; git remote rm other; git lfs env | grep Endpoint",
                "git config --unset lfs.url; git lfs env | sed s,=.*,, | grep Endpoint",
                "git config lfs.basictransfersonly true; git lfs env | grep Transfers",
            ]),
    ]

    @Test(arguments: scenarios) func bothSayTheSame(_ scenario: Scenario) async throws {
        let theirs = try await transcript(scenario, isOurs: false)
        let ours = try await transcript(scenario, isOurs: true)
        for (left, right) in zip(theirs, ours) { #expect(left == right) }
    }

    /// What each command says, with the sandbox's path, speeds and git-lfs's notes about itself taken out.
    private func transcript(_ scenario: Scenario, isOurs: Bool) async throws -> [String] {
        try await Sandbox.with { sandbox in
            var environment: [String: String?] = ["GIT_CONFIG_NOSYSTEM": "1"]
            if isOurs {
                let program = Sandbox.products.appending("cache-image").string
                try sandbox.write("tools/git-lfs", "#!/bin/sh\nexec '\(program)' lfs \"$@\"\n", permissions: 0o755)
                environment["PATH"] = sandbox.path("tools").string + ":" + (sandbox.environment["PATH"] ?? "")
            }
            try await sandbox.run("git", ["init", "-q", "--bare", "srv.git"]).check()
            try await sandbox.run("git", ["init", "-q", "w"]).check()
            try await sandbox.run("git", ["remote", "add", "origin", "../srv.git"], in: "w").check()
            try await sandbox.run(
                "git", ["lfs", "install", "--skip-repo"], in: "w", environment: environment
            ).check()
            var said: [String] = []
            for command in scenario.commands {
                let result = try await sandbox.run("sh", ["-c", command], in: "w", environment: environment)
                said.append(
                    "$ \(command)\n\(text(result.output, sandbox))\n\(text(result.error, sandbox))\n=> \(result.status)"
                )
            }
            return said
        }
    }

    private func text(_ output: String, _ sandbox: Sandbox) -> String {
        let lines = output.replacing(sandbox.root.string, with: "ROOT").split(separator: "\n").filter { line in
            // Suggestions, git-lfs's own logs, and a line that 3.3.0 prints when it comes to it in time.
            !line.hasPrefix("Did you mean this") && !line.hasPrefix("\tlogs") && !line.hasPrefix("Errors logged to")
                && !line.hasPrefix("Use `git lfs logs last`") && !line.hasPrefix("Checking out LFS objects")
        }
        return lines.joined(separator: "\n")
    }
}
