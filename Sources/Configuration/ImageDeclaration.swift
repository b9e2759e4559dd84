import OCI
import SystemCalls
import SystemPackage

/// One image to cache, as the file or the flags declare it.
@dynamicMemberLookup
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
    /// How the image is made.
    public var recipe: RecipeDeclaration
    /// The context's absolute path.
    public var context: FilePath
    /// The platform as declared; nil is the host's.
    public var declaredPlatform: Platform?
    /// The build arguments, by name.
    public var arguments: [String: String]
    /// Names of the arguments whose values are secret, and were given by a flag or the environment.
    public var secretArguments: Set<String>
    /// Names of the labels whose names say that they are secret, given by a flag or the environment.
    public var secretLabels: Set<String>
    /// Names of the arguments that take the caller's value; those that the caller has not set have none in `arguments`.
    public var inheritedArguments: Set<String>
    /// The labels that the build adds, by name.
    public var labels: [String: String]
    /// What the other keys say.
    public var values: ImageValues
    /// Where its keys were said, and the elements of lists (`inputs[0]`); what is missing has its default.
    public var origins: [String: Origin]

    /// What one of the other keys says.
    public subscript<Value>(dynamicMember path: WritableKeyPath<ImageValues, Value>) -> Value {
        get { values[keyPath: path] }
        set { values[keyPath: path] = newValue }
    }

    /// Whether the value of an argument is never shown: its name says so, or `secretArgs` names it.
    public func hidesArgument(_ name: String) -> Bool { SecretName.matches(name) || secretArguments.contains(name) }

    /// The platform to build for.
    public var platform: Platform { declaredPlatform ?? .host }

    /// The first part of the names of the entry's files.
    public var stem: String { name.stem(platform: platform) }
}
