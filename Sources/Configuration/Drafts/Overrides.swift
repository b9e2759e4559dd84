/// What the command line says; nil and empty are what it does not say.
///
/// Every field with one value has a variable `CACHE_IMAGE_…` (`lockTimeout`: `CACHE_IMAGE_LOCK_TIMEOUT`), read by
/// `ProjectConfiguration.load`.
public struct Overrides: Sendable {
    /// `--config FILE`, relative to the current folder.
    public var config: String?
    /// `--engine ENGINE`.
    public var engine: String?
    /// `--lock-timeout SECONDS`.
    public var lockTimeout: String?
    /// `--offline`.
    public var offline = false
    /// `--no-stage`.
    public var noStage = false
    /// `--no-cache`.
    public var noCache = false
    /// `--allow-secret-in-image`.
    public var allowSecretInImage = false
    /// `--trust`.
    public var trust = false

    /// The IMAGE operands, each `NAME` or `NAME:TAG`.
    public var images: [String] = []
    /// `--type TYPE`.
    public var type: String?
    /// `--name NAME`.
    public var name: String?
    /// `--tag TAG`.
    public var tag: String?
    /// `--dockerfile FILE`, relative to the current folder.
    public var dockerfile: String?
    /// `--context DIR`, relative to the current folder.
    public var context: String?
    /// `--target STAGE`.
    public var target: String?
    /// `--platform OS/ARCH`.
    public var platform: String?
    /// `--build-arg NAME=VALUE` or `NAME`, whose value is then the environment's.
    public var buildArguments: [String] = []
    /// `--label NAME=VALUE`.
    public var labels: [String] = []

    /// Nothing said.
    public init() {}
}
