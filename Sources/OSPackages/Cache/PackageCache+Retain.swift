import SystemCalls
import SystemPackage

extension PackageCache {
    /// Removes the packages that were not used for longest, until the rest is within the bounds.
    ///
    /// Nothing is removed, and nothing waited for, while another build uses or fills the cache: its own end is the next
    /// occasion. Files that the index does not know are never removed.
    ///
    /// - Parameters:
    ///   - maxSize: The bytes that may stay; nil for any number.
    ///   - retentionDays: For how many days a package that nobody uses stays; nil for ever.
    ///   - keeping: File names that stay in any case.
    /// - Returns: What was removed.
    @discardableResult
    public func retain(
        maxSize: Int64?, retentionDays: Int?, keeping: Set<String>
    ) async throws -> [CachedFile] {
        try await PackageError.wrapping {
            guard Files.exists(folder), let fetching = try OpenFileLock.tryAcquire(fetchLock, .exclusive) else {
                return []
            }
            defer { fetching.release() }
            let index = PackageIndex.read(indexFile)
            let now = clock()
            let candidates = Self.surplus(
                index, maxSize: maxSize, oldest: retentionDays.map { now - Int64(max(0, min($0, 1_000_000))) * 86_400 },
                keeping: keeping)
            return try await remove(candidates) ?? []
        }
    }

    /// The names that have to go, those not used for longest first.
    static func surplus(
        _ index: PackageIndex, maxSize: Int64?, oldest: Int64?, keeping: Set<String>
    ) -> [String] {
        var rest = index.files.values.map { Size($0.size) }.total { $0 }.bytes
        var names: [String] = []
        for (name, entry) in index.files.sorted(by: { ($0.value.lastUsed, $0.key) < ($1.value.lastUsed, $1.key) })
        where !keeping.contains(name) {
            let isOld = oldest.map { entry.lastUsed < $0 } ?? false
            let isTooMuch = maxSize.map { rest > $0 } ?? false
            guard isOld || isTooMuch else { continue }
            names.append(name)
            rest -= entry.size
        }
        return names
    }

    /// The packages in the folder, by name; what is neither a deb nor an rpm is left out.
    public func inventory() throws -> [CachedFile] {
        do {
            guard try FileStatus.of(folder, followLinks: true)?.kind == .directory else { return [] }
            let index = PackageIndex.read(indexFile)
            return try Files.names(in: folder).compactMap { component throws(SystemError) -> CachedFile? in
                let name = component.string
                guard PackageIndex.isFileName(name), let status = try FileStatus.of(folder.appending(component)),
                    status.kind == .file
                else { return nil }
                return CachedFile(name: name, size: status.size, lastUsed: index.files[name]?.lastUsed)
            }
        } catch let error as SystemError {
            throw PackageError(.file, error.description)
        }
    }

    /// Removes every package that the index knows, and what killed runs left.
    ///
    /// - Parameter dryRun: Whether it is only told what would be removed; no lock is taken then.
    /// - Returns: What was, or would be, removed.
    /// - Throws: `PackageError` (`.busy`) while a build uses or fills the cache; nothing is removed then.
    public func clean(dryRun: Bool) async throws -> [CachedFile] {
        try await PackageError.wrapping {
            guard Files.exists(folder) else { return [] }
            if dryRun { return try inventory().filter { $0.lastUsed != nil } }
            let busy = PackageError(
                .busy, "cannot clean \(Printable.escaped(folder.string)): a build uses it",
                hint: "wait for the build to end")
            guard let fetching = try OpenFileLock.tryAcquire(fetchLock, .exclusive) else { throw busy }
            defer { fetching.release() }
            guard let removed = try await remove(PackageIndex.read(indexFile).files.keys.sorted()) else { throw busy }
            removeLeftovers()
            return removed
        }
    }

    /// Removes files, and what the index says of them; nil, and nothing is removed, while another uses the cache.
    private func remove(_ names: [String]) async throws -> [CachedFile]? {
        if names.isEmpty { return [] }
        let held = try await OpenFileLock.wait(for: indexLock, .exclusive)
        defer { held.release() }
        return try alone {
            var index = PackageIndex.read(indexFile)
            var removed: [CachedFile] = []
            for name in names {
                guard let entry = index.files.removeValue(forKey: name) else { continue }
                let path = folder.appending(name)
                guard let status = try FileStatus.of(path), status.kind != .directory else { continue }
                try Files.remove(path)
                removed.append(CachedFile(name: name, size: status.size, lastUsed: entry.lastUsed))
            }
            try index.write(indexFile)
            return removed
        }
    }
}
