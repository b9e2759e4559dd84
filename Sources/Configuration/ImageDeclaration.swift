import OCI
import SystemCalls
import SystemPackage

/// One image to cache, as the file or the flags declare it.
public struct ImageDeclaration: Hashable, Sendable {
    /// Which files of the context count.
    public enum ContextFiles: String, CaseIterable, Sendable {
        /// What a fresh clone holds.
        case clone
        /// All that the ignore file leaves.
        case worktree
    }

    /// The stages whose base and intermediate images `NAME-TAG.steps.tar` keeps.
    public enum Steps: String, CaseIterable, Sendable {
        case none, final, all
    }

    /// `NAME:TAG`.
    public var name: ImageName
    /// Where the name was said.
    public var nameOrigin: Origin
    /// The word that `--type` picks by.
    public var type: String?
    /// The Dockerfile's absolute path.
    public var dockerfile: FilePath
    /// The context's absolute path.
    public var context: FilePath
    /// The stage to build; nil is the last.
    public var target: String?
    /// The platform as declared; nil is the host's.
    public var declaredPlatform: Platform?
    /// The build arguments, by name.
    public var arguments: [String: String]
    /// Names of the arguments whose values are secret, and were given by a flag or the environment.
    public var secretArguments: Set<String>
    /// Names of the labels whose names say that they are secret, given by a flag or the environment.
    public var secretLabels: Set<String>
    /// The secrets that steps may mount.
    public var secrets: [BuildSecret]
    /// The labels that the build adds, by name.
    public var labels: [String: String]
    /// Globs of further files that decide the image, relative to the configuration's root.
    public var inputs: [String]
    /// Extra words that decide the image.
    public var salt: [String: String]
    /// Names of the arguments that do not count.
    public var localArguments: [String]
    /// Which files of the context count; outside a repository always `worktree`.
    public var contextFiles: ContextFiles
    /// Globs of git-ignored files that count all the same, relative to the configuration's root.
    public var includeIgnored: [String]
    /// Whether `.git` is part of the context.
    public var keepsGitDirectory: Bool
    /// What the steps archive keeps.
    public var steps: Steps
    /// Whether the image is stored at all; else it is always built.
    public var isCached: Bool
    /// Options of the engine's build that do not count.
    public var buildOptions: [String]
    /// Names of the arguments that take the caller's value; those that the caller has not set have none in `arguments`.
    public var inheritedArguments: Set<String>

    /// Whether the value of an argument is never shown: its name says so, or `secretArgs` names it.
    public func hidesArgument(_ name: String) -> Bool { SecretName.matches(name) || secretArguments.contains(name) }

    /// The platform to build for.
    public var platform: Platform { declaredPlatform ?? .host }

    /// The first part of the names of the entry's files.
    public var stem: String { name.stem(platform: platform) }
}
