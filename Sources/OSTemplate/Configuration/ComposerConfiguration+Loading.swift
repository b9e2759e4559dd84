import SystemCalls
import SystemPackage

extension ComposerConfiguration {
    private static let keys: [String: [TemplateKey]] = [
        "": TemplateKey.honoured("cache_dir", "work_dir", "temp_dir", "workers", "storage")
            + TemplateKey.refused("config_dir", "remove it: the defaults of templates are built in")
            + TemplateKey.refused("logging", "remove it: use --quiet, --verbose and --progress")
            + TemplateKey.refused("ai", "remove it: templates are written by people"),
        "storage": TemplateKey.honoured("package_cache", "image_cache"),
        "storage.package_cache": TemplateKey.honoured("enabled", "max_size_gb", "retention_days"),
        "storage.image_cache": TemplateKey.honoured(
            "enabled", "max_count", "max_size_gb", "warn_size_gb", "critical_size_gb"),
    ]

    /// Reads the configuration; what it does not say is the default.
    ///
    /// - Parameter path: The file that the caller named, which must exist; nil for `defaultPath`, which need not.
    public static func load(
        _ path: FilePath?, environment: [String: String]
    ) throws(TemplateError) -> ComposerConfiguration {
        var configuration = ComposerConfiguration()
        if path == nil, !Files.exists(defaultPath) { return configuration }
        let path = path ?? defaultPath
        guard let root = try TemplateFile.read(path, named: path.string).root else { return configuration }
        let log = MistakeLog()
        configuration.read(root, log)
        try log.check()
        return configuration
    }

    private mutating func read(_ root: TemplateValue, _ log: MistakeLog) {
        guard case .map = root.content else {
            log.add(
                root.place, "a configuration is a map, not \(root.kind)", hint: "write cache_dir: FOLDER, or remove it")
            return
        }
        let map = MapReader(root, "", log, keys: Self.keys)
        readFolder(map, "cache_dir", \.cacheFolder)
        readFolder(map, "work_dir", \.workFolder)
        readFolder(map, "temp_dir", \.temporaryFolder)
        if let workers = map.integer("workers", in: 1...64) {
            self.workers = workers
            note(map, "workers")
        }
        guard let storage = map.map("storage") else { return }
        if let cache = storage.map("package_cache") {
            readSwitch(cache, \.packageCache.isEnabled)
            readGibibytes(cache, "max_size_gb", \.packageCache.maximumBytes)
            readCount(cache, "retention_days", \.packageCache.retentionDays)
        }
        if let cache = storage.map("image_cache") {
            readSwitch(cache, \.imageCache.isEnabled)
            readCount(cache, "max_count", \.imageCache.maximumCount)
            readGibibytes(cache, "max_size_gb", \.imageCache.maximumBytes)
            readGibibytes(cache, "warn_size_gb", \.imageCache.warnBytes)
            readGibibytes(cache, "critical_size_gb", \.imageCache.criticalBytes)
            if let warn = imageCache.warnBytes, let critical = imageCache.criticalBytes, warn > critical {
                cache.mistake("warn_size_gb", "is above critical_size_gb", hint: "write a smaller warn_size_gb")
            }
        }
    }

    private mutating func note(_ map: MapReader, _ key: String) {
        guard let place = map.value(key)?.place else { return }
        origins[map.name(key)] = "\(Printable.escaped(place.file.name)):\(place.line)"
    }

    /// A folder, from the one of the configuration where it is not absolute.
    private mutating func readFolder(
        _ map: MapReader, _ key: String, _ member: WritableKeyPath<ComposerConfiguration, FilePath>
    ) {
        guard let text = map.text(key), let place = map.value(key)?.place else { return }
        if text.isEmpty || !PlainText.isLine(text) {
            map.mistake(key, "has to be the path of a folder", hint: "write \(key): /FOLDER")
            return
        }
        self[keyPath: member] = place.file.folder.pushing(FilePath(text)).lexicallyNormalized()
        note(map, key)
    }

    private mutating func readSwitch(_ map: MapReader, _ member: WritableKeyPath<ComposerConfiguration, Bool>) {
        guard let value = map.bool("enabled") else { return }
        self[keyPath: member] = value
        note(map, "enabled")
    }

    /// A number of something; 0 stands for no bound.
    private mutating func readCount(
        _ map: MapReader, _ key: String, _ member: WritableKeyPath<ComposerConfiguration, Int?>
    ) {
        guard let value = map.integer(key, in: 0...1_000_000) else { return }
        self[keyPath: member] = value == 0 ? nil : value
        note(map, key)
    }

    /// Gibibytes, fractions allowed; 0 stands for no bound.
    private mutating func readGibibytes(
        _ map: MapReader, _ key: String, _ member: WritableKeyPath<ComposerConfiguration, Int64?>
    ) {
        guard let value = map.value(key) else { return }
        guard case .scalar(let text, isPlain: true) = value.content, let number = Double(text), number >= 0,
            number <= 1_000_000
        else {
            map.mistake(
                key, "has to be a number of GiB, not \(value.kind)",
                hint: "write a number such as 10 or 0.5, or 0 for no bound")
            return
        }
        self[keyPath: member] = number == 0 ? nil : max(1, Int64(number * Double(1 << 30)))
        note(map, key)
    }
}
