import SystemPackage

/// What holds for all builds of a machine: `/etc/os-image-composer/config.yml`, or the file that `--config` names.
public struct ComposerConfiguration: Hashable, Sendable {
    /// Where the configuration is where no file is named; it need not exist.
    public static let defaultPath: FilePath = "/etc/os-image-composer/config.yml"

    /// The package cache.
    public struct PackageCacheBounds: Hashable, Sendable {
        /// `enabled`.
        public var isEnabled = true
        /// `max_size_gb` in bytes; nil for no bound.
        public var maximumBytes: Int64? = 10 << 30
        /// `retention_days`: packages that were not used for so many days are removed; nil for no bound.
        public var retentionDays: Int? = 30
    }

    /// The image cache.
    public struct ImageCacheBounds: Hashable, Sendable {
        /// `enabled`.
        public var isEnabled = true
        /// `max_count`: images of one name; nil for no bound.
        public var maximumCount: Int? = 5
        /// `max_size_gb` in bytes; nil for no bound.
        public var maximumBytes: Int64?
        /// `warn_size_gb` in bytes: what monitoring warns from; nil for none.
        public var warnBytes: Int64?
        /// `critical_size_gb` in bytes: what monitoring calls critical; nil for none.
        public var criticalBytes: Int64?
    }

    /// `cache_dir`.
    public var cacheFolder: FilePath = "/var/cache/os-image-composer" {
        didSet { origins["cache_dir"] = "command line" }
    }
    /// `work_dir`.
    public var workFolder: FilePath = "/var/tmp/os-image-composer" {
        didSet { origins["work_dir"] = "command line" }
    }
    /// `temp_dir`.
    public var temporaryFolder: FilePath = "/tmp" {
        didSet { origins["temp_dir"] = "command line" }
    }
    /// `workers`: downloads at a time.
    public var workers = 16 {
        didSet { origins["workers"] = "command line" }
    }
    /// `storage.package_cache`.
    public var packageCache = PackageCacheBounds()
    /// `storage.image_cache`.
    public var imageCache = ImageCacheBounds()
    /// Where each value comes from, by its key: `FILE:LINE`; those that are missing are defaults.
    var origins: [String: String] = [:]

    /// The defaults.
    public init() {}
}
