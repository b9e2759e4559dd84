/// What the keys of an image say whose values need no more work; the initial values are the defaults.
public struct ImageValues: Hashable, Sendable {
    /// The word that `--type` picks by.
    public var type: String?
    /// The stage to build; nil is the last.
    public var target: String?
    /// The secrets that steps may mount.
    public var secrets: [BuildSecret] = []
    /// Globs of further files that decide the image, relative to the configuration's root.
    public var inputs: [String] = []
    /// Extra words that decide the image.
    public var salt: [String: String] = [:]
    /// Names of the arguments that do not count.
    public var localArguments: [String] = []
    /// Which files of the context count; outside a repository always `worktree`.
    public var contextFiles = ImageDeclaration.ContextFiles.clone
    /// Globs of git-ignored files that count all the same, relative to the configuration's root.
    public var includeIgnored: [String] = []
    /// Whether `.git` is part of the context.
    public var keepsGitDirectory = false
    /// What the steps archive keeps.
    public var steps = ImageDeclaration.Steps.final
    /// The form in which the archive is stored; nil is that of `storage.store`.
    public var form: StoredForm?
    /// Whether the image is stored at all; else it is always built.
    public var isCached = true
    /// Options of the engine's build that do not count.
    public var buildOptions: [String] = []
}
