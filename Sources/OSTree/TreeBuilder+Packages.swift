import OSPackages
import OSTemplate
import SystemCalls
import SystemPackage

extension TreeBuilder {
    /// Makes the tree with all packages, normalised, and keeps it for later builds.
    func installed(_ clock: TreeClock) async throws -> (TreeResult.Origin, TreeResult.Chroot) {
        guard order.usesEarlierTrees else {
            clock.begin("chroot")
            order.log("base tree: made anew, since \(ChrootReason.unkept)")
            try await family.makeBase(order.resolution.base, at: folders.tree)
            try normalise(InsideTree(root: Files.realPath(folders.tree)))
            clock.begin("install")
            try await install(order.resolution.extras)
            return (.base, .made(reason: ChrootReason.unkept))
        }
        clock.begin("nearest")
        if let origin = try await grown(clock) { return (origin, .unused) }
        clock.begin("chroot")
        let chroot = try await restoreBase()
        clock.begin("install")
        try await install(order.resolution.extras)
        try await keep(clock)
        return (.base, chroot)
    }

    /// Grows the nearest earlier tree; nil where there is none, or where the bytes could depend on its history.
    private func grown(_ clock: TreeClock) async throws -> TreeResult.Origin? {
        let wanted = order.resolution.extras.map(TreeRecord.Part.init)
        let candidates = NearestTree.candidates(try earlier.all(), baseKey: baseKey, wanted: wanted)
        guard let nearest = try await sound(candidates) else { return nil }
        let known = Set(nearest.packages)
        let missing = order.resolution.extras.filter { !known.contains(TreeRecord.Part($0)) }
        // The base tree alone is as far away, and its snapshot says more.
        if nearest.packages.isEmpty, !missing.isEmpty { return nil }
        try await tar.unpack(earlier.tar(nearest.key), to: folders.tree)
        clock.begin("install")
        if missing.isEmpty { return .nearest(added: []) }
        let tree = InsideTree(root: try Files.realPath(folders.tree))
        let before = try HistoryFiles(tree)
        try await install(missing)
        if try HistoryFiles(tree) != before {
            order.log("the new packages add accounts, whose numbers depend on the order: starting from the base tree")
            try TreeRemoval.remove(folders.tree)
            return nil
        }
        try await keep(clock)
        return .nearest(added: missing.map(\.name).sorted())
    }

    private func install(_ packages: [Package]) async throws {
        let tree = InsideTree(root: try Files.realPath(folders.tree))
        if !packages.isEmpty { try await family.install(packages, into: tree) }
        try normalise(tree)
    }

    /// Keeps the tree with all packages.
    private func keep(_ clock: TreeClock) async throws {
        clock.begin("keep")
        let packed = try await tar.write(folders.tree, to: earlier.tar(packagesKey))
        try record(.packages, packagesKey, order.resolution.extras, packed).write(earlier.record(packagesKey))
    }

    /// Restores the base tree from its snapshot, or makes both.
    private func restoreBase() async throws -> TreeResult.Chroot {
        let wanted = record(.base, baseKey, order.resolution.base, (.zero, 0))
        let reason: String
        if let record = TreeRecord.read(folders.snapshotRecord), Files.exists(folders.snapshot) {
            if let difference = ChrootReason.difference(from: record, to: wanted) {
                reason = difference
            } else if try await tar.isIntact(folders.snapshot, record) {
                try await tar.unpack(folders.snapshot, to: folders.tree)
                return .hit
            } else {
                reason = ChrootReason.damaged
            }
        } else {
            reason = Files.exists(folders.snapshot) ? ChrootReason.damaged : ChrootReason.none
        }
        order.log("base tree: made anew, since \(reason)")
        try await makeBase()
        return .made(reason: reason)
    }

    /// Makes the base tree, its snapshot and a copy to work in.
    private func makeBase() async throws {
        try Files.removeTree(folders.snapshotRecord)
        try TreeRemoval.remove(folders.newBase)
        try await family.makeBase(order.resolution.base, at: folders.newBase)
        try normalise(InsideTree(root: Files.realPath(folders.newBase)))
        let packed = try await tar.writeSnapshot(folders.newBase, to: folders.snapshot)
        try TreeRemoval.remove(folders.baseTree)
        try Files.rename(folders.newBase, to: folders.baseTree)
        try record(.base, baseKey, order.resolution.base, packed).write(folders.snapshotRecord)
        try await site.programs.run(
            ["cp", "-a", "--reflink=auto", "--", folders.baseTree.string, folders.tree.string], .file,
            failure: "cannot copy the base tree")
    }
}

/// Files whose content depends on the order in which packages came.
struct HistoryFiles: Equatable {
    private let texts: [String?]

    /// Reads them.
    init(_ tree: InsideTree) throws {
        texts = try ["/etc/passwd", "/etc/group", "/etc/subuid", "/etc/subgid", "/etc/shells"].map {
            try tree.read($0)
        }
    }
}
