import Foundation
import SystemCalls
import SystemPackage
import TestSupport
import Testing

/// Names that mean something in patterns, quotes or options, and bytes that are no text.
@Suite(.enabled(if: Requirements.tools("git", "sh"))) struct OddNameTests {
    /// File names as `printf` writes them.
    static let names = [
        "!a", #""q"#, "#h", "a b", " lead", "trail ", "[x]", #"back\\s"#, "*s", "?q", #"t\tb"#, #"n\nl"#, "-d", "--",
        "{a,b}", "~t", "$v", "`id`", "it\u{27}s", "ü", #"caf\351"#, #"\001"#, "a=b", "a,b", "a:b", "%%41", "a;b&c|d",
    ]

    private func script(_ body: String, _ name: String) -> String {
        let quoted = name.replacing("'", with: #"'\''"#)
        return """
            set -e
            name=$(printf -- '\(quoted).'); name=${name%.}
            \(body)
            """
    }

    private func environment(_ sandbox: Sandbox) -> [String: String?] {
        ["PATH": Sandbox.products.string + ":" + (sandbox.environment["PATH"] ?? "")]
    }

    /// `track --filename` puts the one file under LFS, in any folder, and says so the second time.
    @Test(arguments: names) func aNamedFileIsTracked(name: String) async throws {
        try await Sandbox.with { sandbox in
            let body = """
                top=$PWD
                for folder in . '[s] !t'; do
                    rm -rf r && git init -q r && cd r
                    git config filter.lfs.clean 'cache-image lfs clean -- %f'
                    mkdir -p "$folder" && cd "$folder"
                    echo one >"./$name" && echo two >other
                    git add -A && git commit -qm 1
                    touch -d '1 hour ago' "./$name" other
                    cache-image lfs track --filename -- "./$name" >/dev/null
                    cache-image lfs track --filename -- "./$name" | grep -q 'already supported'
                    test "$(wc -l <.gitattributes)" = 1
                    # The file looks modified, so that the next add makes a pointer of it.
                    git status --short -- "./$name" | grep -q M
                    git add -A && git commit -qm 2
                    git check-attr -z filter -- "./$name" | tr '\\0' '\\n' | tail -1
                    git check-attr filter -- other
                    git show HEAD:"./$name" | head -c 7 && echo
                    rm -- "./$name" && cache-image lfs checkout . >/dev/null && cat "./$name"
                    cd "$top"
                done
                """
            let result = try await sandbox.run("sh", ["-c", script(body, name)], environment: environment(sandbox))
            let expected = ["lfs", "other: filter: unspecified", "version", "one"]
            #expect(try result.check().lines == expected + expected, "\(result)")
        }
    }

    /// Remotes, worktrees, homes, alternates and the object store below a folder whose name is no text.
    @Test func everythingMayLieBelowAFolderThatIsNoText() async throws {
        try await Sandbox.with { sandbox in
            let body = """
                mkdir "$name" && cd "$name" && top=$PWD
                git init -q --bare srv.git && git init -q --bare two.git && git init -q w && cd w
                cache-image lfs install >/dev/null
                echo '*.bin filter=lfs diff=lfs merge=lfs -text' >.gitattributes
                count() { find "$1/lfs/objects" -type f 2>/dev/null | wc -l; }
                save() { echo "$1" >a.bin && git add -A && git commit -qm "$1"; }
                save 1 && git remote add origin "$top/srv.git" && git push -q origin main 2>/dev/null
                count ../srv.git
                save 2 && git remote set-url origin "file://$top/srv.git" && git push -q origin main 2>/dev/null
                count ../srv.git
                save 3 && cache-image lfs push origin main >/dev/null && count ../srv.git
                git remote set-url --add origin "$top/two.git" && git push -q origin main 2>/dev/null
                count ../two.git
                git worktree add -q ../tree -b tree && cd ../tree && cat a.bin
                save 4 && git push -q origin tree 2>/dev/null && count ../srv.git
                cd .. && git clone -q srv.git c && cd c && cache-image lfs pull >/dev/null && cat a.bin
                git config lfs.storage "$top/store" && rm -r .git/lfs && cache-image lfs fetch >/dev/null
                find "$top/store/objects" -type f | wc -l
                rm a.bin && cache-image lfs checkout a.bin >/dev/null && cat a.bin
                cd .. && git clone -q --shared w s && cd s && cache-image lfs ls-files | cut -c12-
                mkdir "$top/home" && HOME=$top/home && export HOME
                printf '[lfs]\\nfetchexclude = *.bin\\n' >"$HOME/.gitconfig"
                env -u GIT_CONFIG_GLOBAL -u XDG_CONFIG_HOME cache-image lfs pull >/dev/null
                head -c 7 a.bin && echo
                """
            let result = try await sandbox.run(
                "sh", ["-c", script(body, #"jos\351"#)], environment: environment(sandbox))
            let words = try result.check().lines.map { $0.trimmingCharacters(in: .whitespaces) }
                .filter { !$0.hasPrefix("Uploading") }
            #expect(words == ["1", "2", "3", "3", "3", "4", "3", "1", "3", "- a.bin", "version"], "\(result)")
        }
    }

    /// A path typed in a folder whose name is a pattern, or given from the root of the machine.
    @Test func typedPathsAreSeenFromTheCurrentFolder() async throws {
        try await Sandbox.with { sandbox in
            let body = """
                git init -q r && cd r && cache-image lfs install >/dev/null
                echo '*.bin filter=lfs diff=lfs merge=lfs -text' >.gitattributes
                mkdir "$name" && echo 1 >"$name/a.bin" && echo 2 >"$name/b.bin" && git add -A && git commit -qm 1
                cd "$name"
                for pattern in a.bin ./a.bin "$PWD/a.bin" 'a*' '../*/a.bin'; do
                    rm -f a.bin b.bin && cache-image lfs checkout "$pattern" >/dev/null && cat a.bin
                    test ! -e b.bin
                done
                """
            for name in ["[x] y", #"jos\351"#, "!x"] {
                let result = try await sandbox.run(
                    "sh", ["-c", "mkdir t && cd t\n" + script(body, name) + "\ncd ../../.. && rm -rf t"],
                    environment: environment(sandbox))
                #expect(try result.check().lines == ["1", "1", "1", "1", "1"], "\(name) \(result)")
            }
        }
    }
}
