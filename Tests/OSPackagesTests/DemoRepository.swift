import Hashing
import OSPackages
import OSTemplate
import SystemCalls
import SystemPackage
import TestSupport

/// A repository of debs made by hand, signed with a key made for the test, in a sandbox.
struct DemoRepository: Sendable {
    let sandbox: Sandbox
    /// The repository's folder in the sandbox.
    let name: String

    /// Whether it can be made here.
    static var isAvailable: Bool {
        Requirements.tools("apt-get", "apt-ftparchive", "dpkg-deb", "gpg", "gpgv")
    }

    /// Makes the packages `base` (essential, 1:2.0+x), `lib`, `provider` (of `virtual`), `tool` and `toolbox`.
    static func make(in sandbox: Sandbox, name: String = "repo") async throws -> DemoRepository {
        let repository = DemoRepository(sandbox: sandbox, name: name)
        try await repository.shell(
            """
            mkdir -p pool dists/demo/main/binary-amd64
            mk() {
                rm -rf t; mkdir -p t/DEBIAN t/usr/share/$1; echo "$1 $2" > t/usr/share/$1/f
                printf 'Package: %s\\nVersion: %s\\nArchitecture: all\\nMaintainer: A Tester <t@example.org>\\n' $1 $2 \
                    > t/DEBIAN/control
                printf '%bDescription: demo\\n' "$3" >> t/DEBIAN/control
                dpkg-deb --root-owner-group -b t pool >/dev/null; rm -rf t
            }
            mk base 1:2.0+x 'Essential: yes\\nPre-Depends: virtual\\nDepends: nothing | lib (>= 1.0)\\n'
            mk lib 1.0 ''
            mk provider 3 'Provides: virtual (= 1)\\n'
            mk tool 1 'Depends: lib\\nSource: toolsource (2)\\nRecommends: toolbox\\n'
            mk toolbox 1 'Depends: tool (= 1)\\n'
            """)
        try await repository.index()
        return repository
    }

    /// The repository's address for apt.
    var url: String { "file://\(sandbox.path(name))" }
    /// The public key.
    var key: FilePath { sandbox.path("key.gpg") }
    /// The provider that it stands for.
    static let provider = Provider(os: "demo", dist: "demo", arch: "amd64", family: .deb)

    /// Runs a script of the shell in the repository's folder.
    func shell(_ script: String) async throws {
        let folder = sandbox.path(name)
        try Files.createDirectories(folder)
        try await sandbox.run("sh", ["-euc", script], in: name).check()
    }

    /// Writes and signs the indexes; `fields` are further lines of the Release file.
    func index(fields: String = "", signature: String = "InRelease") async throws {
        try await shell(
            """
            rm -f dists/demo/*Release* dists/demo/main/binary-amd64/*
            apt-ftparchive packages pool > dists/demo/main/binary-amd64/Packages
            R=APT::FTPArchive::Release
            apt-ftparchive -o $R::Codename=demo -o $R::Architectures=amd64 -o $R::Components=main release dists/demo \
                > ../Release
            printf '%b' '\(fields)' > dists/demo/Release
            cat ../Release >> dists/demo/Release
            """)
        try await sign(signature)
    }

    /// Signs the Release file: as `InRelease`, as `Release.gpg`, or not at all.
    func sign(_ form: String = "InRelease") async throws {
        try await shell(
            """
            export GNUPGHOME="$PWD/../gnupg"
            if [ ! -d "$GNUPGHOME" ]; then
                mkdir -m 700 "$GNUPGHOME"
                gpg -q --batch --passphrase '' --quick-gen-key 'T <t@example.org>' ed25519 sign never 2>/dev/null
                gpg --export > ../key.gpg
                gpg --armor --export > ../key.asc
            fi
            case '\(form)' in
            InRelease) gpg -q --batch --yes --clearsign -o dists/demo/InRelease dists/demo/Release ;;
            Release.gpg) gpg -q --batch --yes --armor --detach-sign -o dists/demo/Release.gpg dists/demo/Release ;;
            esac
            gpgconf --kill all
            """)
    }

    /// What a template with this repository asks for.
    func request(
        base: [String] = ["?essential"], extras: [String] = [], trust: PackageRepository.Trust? = nil,
        url: String? = nil
    ) -> PackageRequest {
        let repository = PackageRepository(
            codename: "demo", url: url ?? self.url, trust: trust ?? .keyring(key), components: ["main"])
        return PackageRequest(provider: Self.provider, repositories: [repository], base: base, extras: extras)
    }

    /// A way to its packages, with apt's state below the sandbox.
    func source(_ state: String = "apt") -> AptSource {
        var environment = sandbox.environment
        // Stands for this machine's configuration, of which the retries count.
        let configuration = sandbox.path("host.conf")
        try? sandbox.write("host.conf", "Acquire::Retries \"0\";\nAPT::Architecture \"mips\";\n")
        environment["APT_CONFIG"] = configuration.string
        return AptSource(stateFolder: sandbox.path(state), environment: environment)
    }

    /// A cache below the sandbox.
    func cache(_ name: String = "pkgCache") -> PackageCache {
        PackageCache(folder: sandbox.path(name))
    }
}

/// Runs work that has to fail, and gives its error.
func packageError(_ work: () async throws -> Void) async throws -> PackageError? {
    do {
        try await work()
        return nil
    } catch let error as PackageError {
        return error
    }
}
