import Testing

@testable import OSTemplate

@Suite struct RefusalTests {
    /// What stands below the head (which has 4 lines), the line of the mistake, and words of the message or hint.
    @Test(
        arguments: [
            ("systemConfig:\n  immutability:\n    enabled: true\n", 6, "systemConfig.immutability is not supported"),
            ("systemConfig:\n  immutability: {secureBootDBKey: a.key}\n", 6, "no secure boot"),
            ("systemConfig:\n  fde: {enabled: true}\n", 6, "no full-disk encryption"),
            ("systemConfig:\n  initramfs: {template: a.yml}\n", 6, "systemConfig.initramfs is not supported"),
            ("systemConfig:\n  overlays: [a]\n", 6, "systemConfig.overlays is not supported"),
            ("systemConfig:\n  network: {backend: networkd}\n", 6, "put a .network file of systemd-networkd"),
            ("systemConfig:\n  kernel: {uki: true}\n", 6, "systemConfig.kernel.uki is not supported"),
            ("systemConfig:\n  kernel:\n    enableExtraModules: a b\n", 7, "/etc/modules-load.d"),
            (
                "systemConfig:\n  bootloader: {provider: grub}\n", 6,
                "\"grub\" is not supported [write provider: systemd-boot]"
            ),
            (
                "systemConfig:\n  bootloader: {bootType: legacy}\n", 6,
                "\"legacy\" is not supported [write bootType: efi]"
            ),
            ("systemConfig:\n  users: [{name: a, passwordMaxAge: 3}]\n", 6, "chage"),
            ("systemConfig:\n  users: [{name: a, startupScript: x}]\n", 6, "/etc/profile.d"),
            ("disk: {path: /dev/sda}\n", 5, "disk.path is not supported"),
            ("disk: {partitionTableType: mbr}\n", 5, "[write gpt]"),
            ("disk: {partitions: [{id: a, index: 3}]}\n", 5, "disk.partitions[].index is not supported"),
            ("packageRepositories: [{codename: a, path: /srv, pkey: \"[trusted=yes]\"}]\n", 5, "write url: file:///"),
            ("systemConfg: {}\n", 5, "unknown key \"systemConfg\" [did you mean systemConfig?]"),
            ("systemConfig:\n  pakages: [a]\n", 6, "[did you mean packages?]"),
            ("disk:\n  partitions:\n    - {id: a, mountpoint: /}\n", 7, "[did you mean mountPoint?]"),
            ("zzzzzzzzzz: 1\n", 5, "the keys here are metadata, extends"),
            ("systemConfig: text\n", 5, "systemConfig has to be a map, not \"text\""),
            ("systemConfig:\n  packages: vim\n", 6, "systemConfig.packages has to be a list, not \"vim\""),
            ("systemConfig:\n  packages:\n  - vim\n  - {a: b}\n", 8, "has to hold texts, not a map"),
            ("systemConfig:\n  packages: [vim-]\n", 6, "\"vim-\" is no name of a package"),
            ("systemConfig:\n  packages: [\"-o=Dir::Etc=x\"]\n", 6, "is no name of a package"),
            ("systemConfig:\n  packages: [\"a;b\"]\n", 6, "is no name of a package"),
            ("systemConfig:\n  packages: [\"?essential\"]\n", 6, "is no name of a package"),
            ("systemConfig: {name: ../../etc}\n", 5, "systemConfig.name has to be a word"),
            ("systemConfig: {name: a..b}\n", 5, "systemConfig.name has to be a word"),
            ("systemConfig: {name: \"a/b\"}\n", 5, "systemConfig.name has to be a word"),
            ("disk: {name: .hidden}\n", 5, "disk.name has to be a word"),
            ("systemConfig: {hostname: \"a b\"}\n", 5, "systemConfig.hostname has to be a host name"),
            ("systemConfig: {hostname: -a}\n", 5, "systemConfig.hostname has to be a host name"),
            ("systemConfig:\n  kernel: {cmdline: \"a\\nb\"}\n", 6, "has to be one line"),
            ("systemConfig:\n  users: [{name: \"a:b\"}]\n", 6, "systemConfig.users[].name has to be"),
            ("systemConfig:\n  users: [{name: Root}]\n", 6, "systemConfig.users[].name has to be"),
            ("systemConfig:\n  users: [{name: a}, {name: a}]\n", 6, "a occurs twice"),
            ("systemConfig:\n  users: [{name: a, sudo: yes}]\n", 6, "has to be true or false, not \"yes\""),
            ("systemConfig:\n  users: [{name: a, shell: \"/bin/sh:x\"}]\n", 6, "has to be a path without"),
            ("systemConfig:\n  users: [{name: a, hash_algo: bcrypt}]\n", 6, "write hash_algo: sha512"),
            ("systemConfig:\n  additionalFiles: [{local: t.yml, final: etc/a}]\n", 6, "has to be an absolute path"),
            ("systemConfig:\n  additionalFiles: [{local: t.yml, final: /etc/../a}]\n", 6, "has to be an absolute path"),
            ("systemConfig:\n  additionalFiles: [{local: t.yml, final: /etc/}]\n", 6, "has to name a file"),
            ("systemConfig:\n  additionalFiles:\n  - local: none\n    final: /a\n", 7, "\"none\" cannot be read"),
            ("systemConfig:\n  additionalFiles:\n  - local: .\n    final: /a\n", 7, "\".\" is no regular file"),
            ("systemConfig:\n  additionalFiles:\n  - final: /a\n", 7, "local is missing"),
            ("systemConfig:\n  configurations: [{cmd: \" \"}]\n", 6, "is empty"),
            ("disk: {size: 4}\n", 5, "disk.size has to be a size, not \"4\""),
            ("disk: {size: 4Gib per day}\n", 5, "disk.size has to be a size"),
            ("disk: {artifacts: [{type: raww}]}\n", 5, "[did you mean raw?]"),
            ("disk: {artifacts: [{type: raw}, {type: raw}]}\n", 5, "asked for twice"),
            ("disk: {artifacts: [{type: raw, compression: lz4}]}\n", 5, "write gz, xz, zstd or bz2"),
            ("disk: {partitions: [{id: a}, {id: a}]}\n", 5, "a occurs twice"),
            ("disk: {partitions: [{id: a, type: linux-luks}]}\n", 5, "nothing is encrypted"),
            ("disk: {partitions: [{id: a, type: linuxx}]}\n", 5, "[did you mean linux?]"),
            ("disk: {partitions: [{id: a, fsType: btrfs}]}\n", 5, "\"btrfs\" is not supported"),
            ("disk: {partitions: [{id: a, typeUUID: xyz}]}\n", 5, "has to be a UUID"),
            ("disk: {partitions: [{id: a, flags: [hiden]}]}\n", 5, "\"hiden\" is no flag"),
            ("disk: {partitions: [{id: a, mountPoint: /a/../b}]}\n", 5, "has to be an absolute path"),
            ("disk: {partitions: [{id: a, mountPoint: \"/a b\"}]}\n", 5, "has to be one word"),
            ("disk: {partitions: [{id: a, mountPoint: /}, {id: b, mountPoint: /}]}\n", 5, "/ occurs twice"),
            ("disk: {partitions: [{id: a, mountOptions: \"a b\"}]}\n", 5, "has to be one word"),
            ("disk: {partitions: [{id: a, mountPoint: /}]}\n", 5, "mountPoint needs a file system"),
            ("disk: {partitions: [{id: a, fsType: vfat, mountPoint: /}]}\n", 5, "has to be ext2, ext3 or ext4"),
            ("disk: {partitions: [{id: a, fsType: fat32, fsLabel: twelve-chars}]}\n", 5, "of 11 characters at most"),
            (
                "disk: {partitions: [{id: a, fsType: ext4, fsLabel: seventeen-letters}]}\n", 5,
                "of 16 characters at most"
            ),
            ("disk: {partitions: [{id: a, start: 2MiB, end: 1MiB}]}\n", 5, "is not behind start"),
            ("disk: {size: 1GiB, partitions: [{id: a, end: 2GiB}]}\n", 5, "is behind the end of the disk"),
            ("disk: {partitions: [{id: a, end: 2MiB}, {id: b, start: 1MiB}]}\n", 5, "is before the end of \"a\""),
            ("disk: {partitions: [{id: a, end: 0}, {id: b, start: 1MiB}]}\n", 5, "takes the rest of the disk"),
            ("packageRepositories: [{codename: a, url: \"<URL>\", pkey: \"[trusted=yes]\"}]\n", 5, "is a placeholder"),
            ("packageRepositories: [{codename: a, url: \"http://a/\", pkey: \"<KEY>\"}]\n", 5, "is a placeholder"),
            ("packageRepositories: [{codename: a, url: \"http://a/\"}]\n", 5, "pkey is missing"),
            (
                "packageRepositories: [{codename: a, url: \"ftp://a/\", pkey: \"[trusted=yes]\"}]\n", 5,
                "has to be an address"
            ),
            (
                "packageRepositories: [{codename: a, url: \"http://a/ [x]\", pkey: \"[trusted=yes]\"}]\n", 5,
                "an address"
            ),
            (
                "packageRepositories: [{codename: \"a b\", url: \"http://a/\", pkey: \"[trusted=yes]\"}]\n", 5,
                "has to be a word"
            ),
            (
                "packageRepositories: [{codename: a, url: \"http://a/\", pkey: none.gpg}]\n", 5,
                "\"none.gpg\" cannot be read"
            ),
            (
                "packageRepositories: [{codename: a, url: \"http://a/\", pkeys: [a, b]}]\n", 5,
                "with 2 keys is not supported"
            ),
            (
                "packageRepositories: [{codename: a, url: \"http://a/\", pkey: \"[trusted=yes]\", priority: 99999}]\n",
                5,
                "from -9999 to 9999"
            ),
            (
                "packageRepositories: [{codename: a, url: \"http://a/\", pkey: \"[trusted=yes]\", component: \"a\\tb\"}]\n",
                5, "has to be a word"
            ),
            ("build: {cache: {use_image_cache: perhaps}}\n", 5, "has to be true or false"),
        ])
    func refused(_ text: String, _ line: Int, _ words: String) async throws {
        try await Trial.with { trial in
            let mistakes = try trial.mistakes(Trial.head + text)
            #expect(mistakes.contains { $0.hasPrefix("\(line): ") && $0.contains(words) }, "\(mistakes)")
        }
    }

    @Test(
        arguments: [
            ("os: debain, dist: bookworm, arch: x86_64, imageType: raw", "[did you mean debian?]"),
            ("os: plan9, dist: bookworm, arch: x86_64, imageType: raw", "write debian, ubuntu"),
            ("os: debian, dist: bokworm, arch: x86_64, imageType: raw", "[did you mean bookworm?]"),
            ("os: debian, dist: ../x, arch: x86_64, imageType: raw", "target.dist \"../x\" is not supported"),
            ("os: azure-linux, dist: azl9x, arch: x86_64, imageType: raw", "is not supported for azure-linux"),
            ("os: debian, dist: bookworm, arch: armv7hl, imageType: raw", "[write x86_64 or aarch64]"),
            ("os: debian, dist: bookworm, arch: x86_64, imageType: iso", "iso is not supported"),
            ("os: debian, dist: bookworm, arch: x86_64, imageType: wsl2", "wsl2 is not supported"),
            ("os: debian, dist: bookworm, arch: x86_64, imageType: rwa", "[did you mean raw?]"),
            ("os: debian, dist: bookworm, arch: x86_64", "target.imageType is missing"),
        ])
    func targets(_ target: String, _ words: String) async throws {
        try await Trial.with { trial in
            let mistakes = try trial.mistakes("image: {name: a, version: 1.0.0}\ntarget: {\(target)}\n")
            #expect(mistakes.count == 1 && mistakes.first?.contains(words) == true, "\(mistakes)")
            #expect(mistakes.first?.hasPrefix("2: ") == true)
        }
    }

    @Test(
        arguments: [
            ("target: {os: debian, dist: bookworm, arch: x86_64, imageType: raw}\n", "1: image is missing"),
            ("image: {name: a, version: \"1\"}\n", "1: target is missing"),
            (
                "image: {name: a}\ntarget: {os: debian, dist: sid, arch: x86_64, imageType: raw}\n",
                "1: image.version is missing"
            ),
            ("- a\n", "1: a template is a map, not a list"),
            ("# nothing\n", "0: it is empty"),
            ("image: {name: a\n", "did not find expected"),
            ("image: {name: a}\nimage: {name: b}\n", "2: the key \"image\" occurs twice"),
        ])
    func wholeTemplates(_ text: String, _ words: String) async throws {
        try await Trial.with { trial in
            let mistakes = try trial.mistakes(text)
            #expect(mistakes.first?.contains(words) == true, "\(mistakes)")
        }
    }

    @Test func allMistakesAreTold() async throws {
        try await Trial.with { trial in
            let mistakes = try trial.mistakes(
                Trial.head + "disk: {size: x}\nsystemConfig:\n  hostname: \"a b\"\n  fde: {enabled: true}\n")
            #expect(mistakes.map { $0.prefix(2) } == ["5:", "7:", "8:"])
            let many = (0..<50).map { "k\($0)zzzzzzz: 1\n" }.joined()
            #expect(try trial.mistakes(Trial.head + many).count == TemplateError.maximumMistakes)
        }
    }

    @Test func anErrorIsOneLineThatNamesThePlace() async throws {
        try await Trial.with { trial in
            let text = Trial.head + "\"a\\nb\\e[31m\": 1\n"
            try trial.sandbox.write("t.yml", text)
            do throws(TemplateError) {
                _ = try trial.load()
                Issue.record("it was accepted")
            } catch {
                #expect(error.description.hasPrefix("cannot use \(trial.sandbox.path("t.yml")):5: unknown key"))
                #expect(error.description.unicodeScalars.allSatisfy { $0.value >= 0x20 })
            }
        }
    }

    @Test func aFileThatIsNotThereIsNamed() async throws {
        try await Trial.with { trial in
            #expect(trial.mistakes().first?.hasPrefix("0: No such file") == true)
            #expect(throws: TemplateError.self) { try OSTemplate.load(trial.sandbox.root, environment: [:]) }
        }
    }
}
