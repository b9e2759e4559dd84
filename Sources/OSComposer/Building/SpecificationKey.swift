import Hashing
import JSON
import OSTemplate
import SystemCalls
import SystemPackage

/// The specification hash: the name of a finished image in the image cache.
enum SpecificationKey {
    /// The hash in hex.
    ///
    /// - Parameters:
    ///   - template: The digest of the merged template and of every local file that it names.
    ///   - rootfsKey: The key of the root file system.
    static func text(template: SHA256Digest, rootfsKey: String, artifacts: [DiskConfig.Artifact]) -> String {
        let value: JSONValue = [
            "recipe": .integer(Int64(RecipeVersion.number)), "template": .string(template.hexadecimal),
            "rootfs": .string(rootfsKey),
            "artifacts": .strings(
                artifacts.map { $0.kind.rawValue + ($0.compression.map { "." + $0.rawValue } ?? "") }),
        ]
        return SHA256Digest(of: value.text.utf8).hexadecimal
    }

    /// The digest of what is resolved: a change of anything else leaves the lock file as it is.
    static func request(of template: OSTemplate) throws -> SHA256Digest {
        let repositories: [JSONValue] = try template.declaredRepositories.map { repository in
            let key: JSONValue =
                switch repository.trust {
                case .unchecked: "unchecked"
                case .url(let url): .string(url)
                case .keyring(let path):
                    .string(try SHA256Digest.ofFile(try Files.realPath(path)).digest.hexadecimal)
                }
            return [
                "codename": .string(repository.codename), "url": .string(repository.url),
                "components": .strings(repository.components),
                "priority": repository.priority.map { .integer(Int64($0)) } ?? .null,
                "allowPackages": .strings(repository.allowPackages),
                "key": key,
            ]
        }
        let value: JSONValue = [
            "provider": .string("\(template.provider)"), "repositories": .array(repositories),
            "base": .strings(template.basePackages), "packages": .strings(template.extraPackages),
        ]
        return SHA256Digest(of: value.text.utf8)
    }
}

extension OSTemplate {
    /// All packages beyond the base tree that the template names, each once, in the order written.
    var extraPackages: [String] {
        var known: Set<String> = []
        return (system.packages + system.kernel.packages).filter { known.insert($0).inserted }
    }
}
