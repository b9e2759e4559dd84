import JSON

/// The form of a template that its hash is made of: all that decides the image, nothing of this machine.
enum CanonicalTemplate {
    /// The merged template, members sorted; passwords are hashes, descriptions and switches of caches are left out.
    ///
    /// - Parameters:
    ///   - files: What the template says for each additional file's `local`.
    ///   - keys: What the template says for each repository's key.
    static func value(of template: OSTemplate, files: [String], keys: [String]) -> JSONValue {
        .map([
            "image": .map(["name": .string(template.name), "version": .string(template.version)]),
            "target": .map([
                "os": .string(template.provider.os), "dist": .string(template.provider.dist),
                "arch": .string(template.provider.arch), "imageType": .string(template.imageType.rawValue),
            ]),
            "basePackages": .strings(template.basePackages),
            "packageRepositories": .array(zip(template.declaredRepositories, keys).map { repository($0, key: $1) }),
            "systemConfig": system(template.system, files: files),
            "disk": disk(template.disk),
        ])
    }

    private static func repository(_ repository: PackageRepository, key: String) -> JSONValue {
        .map([
            "codename": .string(repository.codename), "url": .string(repository.url), "pkey": .string(key),
            "component": .strings(repository.components),
            "priority": repository.priority.map { .integer(Int64($0)) } ?? .null,
            "allowPackages": .strings(repository.allowPackages),
        ])
    }

    private static func system(_ system: SystemConfig, files: [String]) -> JSONValue {
        .map([
            "name": .string(system.name), "hostname": text(system.hostname), "packages": .strings(system.packages),
            "kernel": .map([
                "version": text(system.kernel.version), "cmdline": .string(system.kernel.cmdline),
                "packages": .strings(system.kernel.packages),
            ]),
            "bootloader": system.bootloader.map {
                .map(["bootType": .string($0.bootType.rawValue), "provider": .string($0.provider)])
            } ?? .null,
            "users": .array(
                system.users.map { user in
                    .map([
                        "name": .string(user.name), "password": text(user.passwordHash),
                        "groups": .strings(user.groups), "sudo": .bool(user.sudo), "home": text(user.home),
                        "shell": text(user.shell),
                    ])
                }),
            "additionalFiles": .array(
                zip(system.additionalFiles, files).map { file, written in
                    .map(["local": .string(written), "final": .string(file.final.string)])
                }),
            "configurations": .strings(system.configurations),
        ])
    }

    private static func disk(_ disk: DiskConfig) -> JSONValue {
        .map([
            "name": .string(disk.name), "size": number(disk.size),
            "partitionTableType": .string(disk.partitionTableType),
            "artifacts": .array(
                disk.artifacts.map {
                    .map(["type": .string($0.kind.rawValue), "compression": text($0.compression?.rawValue)])
                }),
            "partitions": .array(
                disk.partitions.map { partition in
                    .map([
                        "id": .string(partition.id), "name": .string(partition.name), "type": .string(partition.type),
                        "typeUUID": .string(partition.typeUUID), "fsType": .string(partition.fsType),
                        "fsLabel": .string(partition.fsLabel), "start": .integer(partition.start),
                        "end": number(partition.end), "mountPoint": .string(partition.mountPoint),
                        "mountOptions": .string(partition.mountOptions), "flags": .strings(partition.flags),
                    ])
                }),
        ])
    }

    private static func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
    private static func number(_ number: Int64?) -> JSONValue { number.map { .integer($0) } ?? .null }
}
