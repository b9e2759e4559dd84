import Console
import Git
import Programs
import SystemCalls
import SystemPackage

/// What the machine gives: limits, time, room.
extension Doctor {
    // MARK: Limits

    /// Limits of this process and its children.
    func limits() -> [Diagnosis] {
        Self.limits(
            files: ResourceLimits.files, processes: ResourceLimits.processes, fileSize: ResourceLimits.fileSize,
            group: MemoryLimit.ofGroups, available: MemoryLimit.available, home: homeComplaint)
    }

    /// What these limits come to.
    static func limits(
        files: UInt64, processes: UInt64, fileSize: UInt64, group: Int64?, available: Int64?, home: String? = nil
    ) -> [Diagnosis] {
        var found: [Diagnosis] = []
        if files < 1024 {
            found.append(
                .warning(
                    .limits, "no more than \(files) files may be open; builds of many layers need more",
                    fix: "raise the hard limit: LimitNOFILE= of the service, or nofile in /etc/security/limits.conf"))
        }
        if processes < 256 {
            found.append(
                .warning(
                    .limits, "this user may have no more than \(processes) processes",
                    fix: "raise nproc in /etc/security/limits.conf"))
        }
        if fileSize < 1 << 32 {
            found.append(
                .warning(
                    .limits, "no file may be larger than \(bytes(Int64(clamping: fileSize))); archives of images are",
                    fix: "ulimit -f unlimited"))
        }
        if let group, group < 512 << 20 {
            let text = "the control group has \(bytes(group)) of memory"
            found.append(
                group < 128 << 20
                    ? .problem(.limits, "\(text), and the programs need up to 128 MB", fix: "raise its memory.max")
                    : .warning(.limits, "\(text); builds may be killed", fix: "raise its memory.max"))
        } else if let available, available < 256 << 20 {
            found.append(.warning(.limits, "only \(bytes(available)) of memory are free; builds may be killed"))
        }
        if let home { found.append(.warning(.limits, home, fix: "export HOME=…, a folder of your own")) }
        return found.isEmpty ? [.ok(.limits, "open files, processes, file size and memory")] : found
    }

    /// Why nothing can be remembered between commands; nil where it can.
    private var homeComplaint: String? {
        if StateFolder.path(given) != nil { return nil }
        return "HOME names no folder, so what engines can do here is found out anew each time"
    }

    // MARK: Clock

    /// The clock, which decides which files are taken for unchanged.
    func clock() -> [Diagnosis] {
        var seen: [(name: String, time: Int64)] = []
        for path in [opened?.indexPath, cache?.folder, configuration?.file].compactMap({ $0 }) {
            guard let status = (try? FileStatus.of(path, followLinks: true)) ?? nil else { continue }
            seen.append((path.string, status.modified.seconds))
        }
        if let opened, let head = (try? opened.head()) ?? nil, let commit = (try? opened.commit(head)) ?? nil {
            seen.append(("the commit \(head.description.prefix(10))", commit.committed))
        }
        return [Self.clock(now: FileStatus.Time.now.seconds, seen: seen)]
    }

    /// What the clock says of itself, and of the times of some things.
    static func clock(now: Int64, seen: [(name: String, time: Int64)]) -> Diagnosis {
        let fix = "set the clock: timedatectl set-ntp true, or date -s"
        // The program is younger than that.
        if now < 1_764_000_000 {
            return .problem(.clock, "it says \(Quantity.time(now)), which is long past", fix: fix)
        }
        if let late = seen.max(by: { $0.time < $1.time }), late.time > now + 300 {
            let ahead = Quantity.duration(.seconds(late.time - now))
            return .warning(
                .clock, "\(late.name) is of a time \(ahead) ahead; files changed before then may be read each time",
                fix: fix)
        }
        return .ok(.clock, Quantity.time(now))
    }

    // MARK: Disk

    /// Room for the entries, Git's objects and temporary files.
    func disk() -> [Diagnosis] {
        var places: [(name: String, path: FilePath)] = []
        let need = largestArchive
        if let cache { places.append(("the cache folder", cache.folder)) }
        if let opened { places.append(("Git's folder", opened.commonDirectory)) }
        places.append(("temporary files", PlainPath.temporaryFolder(given)))
        if let state = StateFolder.path(given) { places.append(("the state folder", state)) }
        var seen: Set<UInt64> = []
        var found: [Diagnosis] = []
        for (name, path) in places {
            guard let space = DiskSpace.of(path), seen.insert(space.device).inserted else { continue }
            found.append(Self.disk(name, path, space, largest: need))
        }
        return found
    }

    /// What the room at a place comes to.
    static func disk(_ name: String, _ path: FilePath, _ space: DiskSpace, largest: Int64) -> Diagnosis {
        if space.isReadOnly {
            return .warning(
                .disk, "\(name) (\(path)) can only be read", fix: "mount -o remount,rw …, or work in a copy")
        }
        if let files = space.files, files < 1000 {
            return .problem(.disk, "\(name) (\(path)): only \(files) more files can be made", fix: "remove small files")
        }
        let wanted = max(2 << 30, largest > .max / 2 ? .max : 2 * largest)
        let text = "\(name) (\(path)): \(bytes(space.available)) free"
        if space.available >= wanted { return .ok(.disk, text) }
        let fix = "cache-image clean, or make room below \(path)"
        return space.available < max(200 << 20, largest)
            ? .problem(.disk, "\(text), which is too little for an image", fix: fix)
            : .warning(.disk, "\(text), and a save may need \(bytes(wanted))", fix: fix)
    }

    /// The size of the largest archive of the cache folder.
    private var largestArchive: Int64 {
        guard let folder = cache?.folder, let names = try? Files.names(in: folder) else { return 0 }
        let sizes = names.filter { $0.string.hasSuffix(".tar") }.map { name in
            ((try? FileStatus.of(folder.appending(name))) ?? nil)?.size ?? 0
        }
        return sizes.max() ?? 0
    }

    static func bytes(_ count: Int64) -> String { Quantity.bytes(Size(count)) }
}
