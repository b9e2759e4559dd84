import Hashing
import JSON
import OSPackages
import OSTemplate
import SystemCalls
import SystemPackage

/// The keys of trees: equal keys mean equal bytes.
///
/// Each is the lower-case hex of the SHA-256 of a JSON text.
public enum TreeKeys {
    /// The key of the base tree: provider, list, resolved packages, the repositories' signers, version of the recipe.
    public static func base(_ template: OSTemplate, _ resolution: Resolution) -> String {
        key([
            "recipe": .integer(Int64(RecipeVersion.number)),
            "provider": .string(template.provider.description),
            "list": .strings(template.basePackages),
            "packages": packages(resolution.base),
            "signers": .strings(resolution.signers),
        ])
    }

    /// The key of the tree with all packages, not yet configured.
    static func packages(_ template: OSTemplate, _ resolution: Resolution) -> String {
        key(["base": .string(base(template, resolution)), "packages": packages(resolution.extras)])
    }

    /// The key of the whole root file system; the bytes of the additional files count.
    ///
    /// - Throws: `SystemError` or `TreeError` where a file of the template cannot be read.
    public static func rootfs(_ template: OSTemplate, _ resolution: Resolution) throws -> String {
        let system = template.system
        return key([
            "packages": .string(packages(template, resolution)),
            "repositories": .array(try template.repositories.map(repository)),
            "hostname": system.hostname.map { .string($0) } ?? nil,
            "users": .array(system.users.map(user)),
            "files": .array(try system.additionalFiles.map(file)),
            "commands": .strings(system.configurations),
        ])
    }

    private static func key(_ parts: [String: JSONValue]) -> String {
        SHA256Digest(of: Array(JSONValue.map(parts).text.utf8)).hexadecimal
    }

    private static func packages(_ packages: [Package]) -> JSONValue {
        .array(
            packages.sorted { $0.fileName.utf8.lexicographicallyPrecedes($1.fileName.utf8) }.map {
                .strings([$0.fileName, $0.version, $0.sha256.hexadecimal])
            })
    }

    /// What of a repository is written into the tree.
    private static func repository(_ repository: PackageRepository) throws -> JSONValue {
        let trust: String
        switch repository.trust {
        case .unchecked: trust = "unchecked"
        case .url(let url): trust = "key of \(url)"
        case .keyring(let path):
            // A system's own keyring is named in the tree by its path, any other one by its content.
            let place = path.string.hasPrefix("/usr/share/keyrings/") ? path.string : path.extension ?? ""
            trust = "keyring \(place) \(try SHA256Digest.ofFile(try Files.realPath(path)).digest)"
        }
        return .strings(
            [repository.codename, repository.url, trust, "\(repository.priority ?? 0)"]
                + repository.components + ["/"] + repository.allowPackages)
    }

    private static func user(_ user: SystemConfig.User) -> JSONValue {
        .array([
            .string(user.name), user.passwordHash.map { .string($0) } ?? nil, .strings(user.groups),
            .bool(user.sudo), user.home.map { .string($0) } ?? nil, user.shell.map { .string($0) } ?? nil,
        ])
    }

    private static func file(_ file: SystemConfig.AdditionalFile) throws -> JSONValue {
        var parts: [JSONValue] = [.string(file.final.string)]
        try LocalFile.each(below: file.local) { local in
            switch local.kind {
            case .folder: parts.append(.strings([local.name, "folder"]))
            case .link(let target): parts.append(.strings([local.name, "link", target]))
            case .file(let isExecutable):
                let digest = try SHA256Digest.ofFile(local.path).digest
                parts.append(.strings([local.name, isExecutable ? "program" : "file", digest.hexadecimal]))
            }
        }
        return .array(parts)
    }
}
