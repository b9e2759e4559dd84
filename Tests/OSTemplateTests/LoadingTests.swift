import JSON
import SystemPackage
import Testing

@testable import OSTemplate

@Suite struct LoadingTests {
    @Test func aShortTemplateHasDefaults() async throws {
        try await Trial.with { trial in
            let template = try trial.load(Trial.head)
            #expect(template.name == "edge")
            #expect(template.version == "1.0.0")
            #expect("\(template.provider)" == "debian-bookworm-amd64")
            #expect(template.basePackages == ["?essential", "?priority(required)"])
            #expect(template.system.name == "edge")
            #expect(template.disk.artifacts == [.init(.raw)])
            #expect(template.disk.partitionTableType == "gpt")
            #expect(template.system.bootloader == nil)
            #expect(template.usesImageCache == nil)
        }
    }

    @Test(
        arguments: [
            ("debian", "debian13", "x86_64", "debian-trixie-amd64"),
            ("debian", "trixie", "arm64", "debian-trixie-arm64"),
            ("debian", "testing", "amd64", "debian-testing-amd64"),
            ("ubuntu", "ubuntu24", "aarch64", "ubuntu-noble-arm64"),
            ("azure-linux", "azl3", "x86_64", "azure-linux-azl3-x86_64"),
            ("azure-linux", "azl3", "arm64", "azure-linux-azl3-aarch64"),
            ("emt", "emt3", "x86_64", "edge-microvisor-toolkit-emt3-x86_64"),
            ("wind-river-elxr", "elxr12", "x86_64", "wind-river-elxr-aria-amd64"),
            ("redhat-compatible-distro", "el10", "amd64", "redhat-compatible-distro-el10-x86_64"),
        ])
    func providers(_ os: String, _ dist: String, _ arch: String, _ provider: String) async throws {
        try await Trial.with { trial in
            let template = try trial.load(
                """
                image: {name: edge, version: "1"}
                target: {os: \(os), dist: \(dist), arch: \(arch), imageType: raw}
                """)
            #expect("\(template.provider)" == provider)
        }
    }

    @Test func everyHonouredKeyArrives() async throws {
        try await Trial.with { trial in
            try trial.sandbox.write("files/motd", "hello\n")
            try trial.sandbox.write("key.gpg", "key")
            let template = try trial.load(
                Trial.head + """
                    metadata: {description: an image, keywords: [a, b]}
                    disk:
                      name: main
                      size: 4GiB
                      partitionTableType: gpt
                      artifacts: [{type: qcow2}, {type: raw, compression: gzip}]
                      partitions:
                        - {id: boot, type: esp, flags: [esp, boot], start: 1MiB, end: 513MiB, fsType: fat32,
                           mountPoint: /boot/efi, mountOptions: umask=0077}
                        - {id: root, name: ROOT, typeUUID: 4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709, start: 513MiB,
                           end: "0", fsType: ext4, fsLabel: root, mountPoint: /}
                    packageRepositories:
                      - {codename: extra, url: "https://example.org/debian", pkey: key.gpg, component: main contrib,
                         priority: 900, allowPackages: [htop]}
                      - {codename: more, url: "file:///srv/repo", pkey: "[trusted=yes]"}
                      - {codename: third, url: "https://example.org/", pkeys: ["https://example.org/key.asc"]}
                    systemConfig:
                      name: sys
                      description: text
                      hostname: box.example.org
                      packages: [vim, htop, vim]
                      immutability: {enabled: false}
                      kernel: {name: kernel, version: "6.1", cmdline: quiet ro, packages: [linux-image-amd64], uki: false}
                      bootloader: {bootType: efi, provider: systemd-boot}
                      users: [{name: ann, sudo: true, groups: [video], home: /srv/ann, shell: /bin/sh}]
                      additionalFiles: [{local: files/motd, final: /etc/motd}]
                      configurations: [{cmd: echo one}, {cmd: echo one}]
                    build: {cache: {use_package_cache: false, use_image_cache: true}}
                    """)
            let system = template.system
            #expect(system.name == "sys")
            #expect(system.hostname == "box.example.org")
            #expect(system.packages == ["vim", "htop"])
            #expect(system.kernel.version == "6.1")
            #expect(system.kernel.cmdline == "quiet ro")
            #expect(system.kernel.packages == ["linux-image-amd64"])
            #expect(system.bootloader?.provider == "systemd-boot")
            #expect(system.users.first?.groups == ["video"])
            #expect(system.users.first?.sudo == true)
            #expect(system.users.first?.passwordHash == nil)
            #expect(system.additionalFiles.map(\.final) == ["/etc/motd"])
            #expect(system.configurations == ["echo one", "echo one"])
            #expect(template.disk.size == 4 << 30)
            #expect(template.disk.artifacts == [.init(.qcow2), .init(.raw, compression: .gz)])
            #expect(template.disk.partitions.map(\.start) == [1 << 20, 513 << 20])
            #expect(template.disk.partitions.map(\.end) == [513 << 20, nil])
            #expect(template.disk.partitions[1].typeUUID == "4f68bce3-e8cd-4db1-96e7-fbcaf984b709")
            let repositories = template.declaredRepositories
            #expect(repositories.map(\.components) == [["main", "contrib"], ["main"], ["main"]])
            #expect(repositories.map(\.priority) == [900, nil, nil])
            #expect(repositories[1].trust == .unchecked)
            #expect(repositories[2].trust == .url("https://example.org/key.asc"))
            #expect(template.localFiles.map { $0.lastComponent?.string } == ["motd", "key.gpg"])
            #expect(template.usesPackageCache == false)
            #expect(template.usesImageCache == true)
        }
    }

    @Test func whatOnlyDescribesIsNoPartOfTheHash() async throws {
        try await Trial.with { trial in
            let digest = try trial.load(Trial.head).specificationDigest()
            let others = [
                "metadata: {description: other}\n", "systemConfig: {description: other}\n",
                "build: {cache: {use_image_cache: false}}\n", "disk: {artifacts: [{type: raw}]}\n",
            ]
            for text in others { #expect(try trial.load(Trial.head + text).specificationDigest() == digest, "\(text)") }
            let more = ["systemConfig: {hostname: a}\n", "systemConfig: {packages: [a]}\n", "disk: {size: 1GiB}\n"]
            for text in more { #expect(try trial.load(Trial.head + text).specificationDigest() != digest, "\(text)") }
        }
    }

    @Test func localFilesCountWithTheirBytes() async throws {
        try await Trial.with { trial in
            let text = Trial.head + "systemConfig: {additionalFiles: [{local: a, final: /etc/a}]}\n"
            try trial.sandbox.write("a", "one")
            let first = try trial.load(text).specificationDigest()
            #expect(try trial.load(text).specificationDigest() == first)
            try trial.sandbox.write("a", "two")
            #expect(try trial.load(text).specificationDigest() != first)
            try trial.sandbox.write("a", "one", permissions: 0o755)
            #expect(try trial.load(text).specificationDigest() != first)
        }
    }

    @Test func theCanonicalFormNamesNothingOfTheMachine() async throws {
        try await Trial.with { trial in
            try trial.sandbox.write("a", "one")
            let template = try trial.load(
                Trial.head + "systemConfig: {additionalFiles: [{local: a, final: /etc/a}]}\n")
            #expect(!template.canonical.text.contains(trial.sandbox.root.string))
            #expect(
                template.canonical["systemConfig"]?["additionalFiles"]?.text == #"[{"final":"/etc/a","local":"a"}]"#)
            let names = template.canonical.members?.map(\.name) ?? []
            #expect(names == names.sorted())
        }
    }
}
