import JSON
import SystemCalls

extension ComposerConfiguration {
    /// The values by their keys, in the order of docs/templates.md; null for no bound.
    private var values: [(key: String, value: JSONValue)] {
        [
            ("cache_dir", .string(cacheFolder.string)), ("work_dir", .string(workFolder.string)),
            ("temp_dir", .string(temporaryFolder.string)), ("workers", .integer(Int64(workers))),
            ("storage.package_cache.enabled", .bool(packageCache.isEnabled)),
            ("storage.package_cache.max_size_gb", Self.gibibytes(packageCache.maximumBytes)),
            ("storage.package_cache.retention_days", Self.count(packageCache.retentionDays)),
            ("storage.image_cache.enabled", .bool(imageCache.isEnabled)),
            ("storage.image_cache.max_count", Self.count(imageCache.maximumCount)),
            ("storage.image_cache.max_size_gb", Self.gibibytes(imageCache.maximumBytes)),
            ("storage.image_cache.warn_size_gb", Self.gibibytes(imageCache.warnBytes)),
            ("storage.image_cache.critical_size_gb", Self.gibibytes(imageCache.criticalBytes)),
        ]
    }

    private static func gibibytes(_ bytes: Int64?) -> JSONValue {
        guard let bytes else { return .null }
        return bytes % (1 << 30) == 0 ? .integer(bytes >> 30) : .number(Double(bytes) / Double(1 << 30))
    }

    private static func count(_ count: Int?) -> JSONValue { count.map { .integer(Int64($0)) } ?? .null }

    /// Every value with where it comes from: `KEY = VALUE (FILE:LINE)`, or `(default)`.
    public var lines: [String] {
        values.map { key, value in
            let text: String =
                switch value {
                case .string(let text): Printable.escaped(text)
                case .null: "no bound"
                default: value.text
                }
            return "\(key) = \(text) (\(origins[key] ?? "default"))"
        }
    }

    /// The values by their keys: `{"KEY": {"value": …, "source": "FILE:LINE" or "default"}}`; null for no bound.
    public var json: JSONValue {
        .object(
            values.map { key, value in
                JSONValue.Member(key, ["value": value, "source": .string(origins[key] ?? "default")])
            })
    }
}
