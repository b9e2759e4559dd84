import Foundation
import SystemPackage

extension Sandbox {
    /// Makes `repo/`, a signed repository of four signed packages, with rpmbuild and createrepo_c; `key.asc` is its key.
    ///
    /// delta needs what gamma provides, gamma needs beta, beta needs alpha; gamma writes a file when it is installed,
    /// and takes half a minute for it where the tree has `/slow`.
    public func makeRPMRepository() async throws {
        try write("make-repository", Self.rpmRepositoryScript, permissions: 0o755)
        try await run("bash", ["-e", path("make-repository").string]).check()
    }

    /// Makes `name.asc`, a key that signed nothing.
    public func makeForeignKey(_ name: String) async throws {
        try await run("bash", ["-e", "-c", Self.foreignKeyScript, "bash", name]).check()
    }

    /// The command lines of processes that name this sandbox, and its mounts.
    public func leftBehind() throws -> [String] {
        var found: [String] = []
        for pid in try FileManager.default.contentsOfDirectory(atPath: "/proc") where Int(pid) != nil {
            guard let line = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") else { continue }
            let text = String(decoding: line.map { $0 == 0 ? 0x20 : $0 }, as: UTF8.self)
            if text.contains(root.string) { found.append(text) }
        }
        let mounts = FileManager.default.contents(atPath: "/proc/self/mountinfo") ?? Data()
        found += String(decoding: mounts, as: UTF8.self).split(separator: "\n").map(String.init)
            .filter { $0.contains(root.string) }
        return found
    }

    private static let foreignKeyScript = #"""
        export GNUPGHOME=$PWD/$1.gnupg; mkdir -m 700 "$GNUPGHOME"
        gpg --batch --quiet --pinentry-mode loopback --passphrase '' --quick-gen-key 'Foreign <f@example.org>' rsa2048 sign never
        gpg --batch --armor --export > "$1.asc"
        gpgconf --kill all
        """#

    private static let rpmRepositoryScript = #"""
        D=$PWD; mkdir repo; export GNUPGHOME=$D/gnupg; mkdir -m 700 gnupg
        gpg --batch --quiet --pinentry-mode loopback --passphrase '' --quick-gen-key 'Tester <t@example.org>' rsa2048 sign never
        gpg --batch --armor --export > key.asc
        gpg --batch --with-colons --list-keys | sed -n 's/^fpr:*\([0-9A-F]*\):$/\1/p' | head -1 > fingerprint
        cat > all.spec <<'SPEC'
        Name: alpha
        Version: 1.0
        Release: 1
        Summary: a
        License: MIT
        BuildArch: noarch
        %description
        a
        %package -n beta
        Summary: b
        Requires: alpha
        %description -n beta
        b
        %package -n gamma
        Summary: c
        Requires: beta
        Provides: virtual-thing = 3
        %description -n gamma
        c
        %package -n delta
        Summary: d
        Requires: virtual-thing
        %description -n delta
        d
        %install
        for name in alpha beta gamma delta; do
            mkdir -p %{buildroot}/usr/share/$name
            echo $name > %{buildroot}/usr/share/$name/data
        done
        %files
        /usr/share/alpha
        %files -n beta
        /usr/share/beta
        %files -n gamma
        /usr/share/gamma
        %files -n delta
        /usr/share/delta
        %post -n gamma -p <lua>
        if posix.stat('/slow') then posix.sleep(30) end
        local f = io.open('/usr/share/gamma/made', 'w')
        f:write('made')
        f:close()
        SPEC
        SOURCE_DATE_EPOCH=1700000000 rpmbuild --quiet -bb --define "_topdir $D/top" --define "_rpmdir $D/repo" \
            --define '_rpmfilename %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm' all.spec
        rpmsign --define '_gpg_name Tester' --define "__gpg $(command -v gpg)" --addsign repo/*.rpm
        createrepo_c -q repo
        gpg --batch --armor --detach-sign repo/repodata/repomd.xml
        gpgconf --kill all
        """#
}
