import Configuration
import Console
import Git
import Glibc
import ImageCache
import LFS
import Programs
import SystemCalls
import SystemPackage

/// What stands in the clone: repository, configuration, trust, owners.
extension Doctor {
    /// The repository around the current folder.
    func repository() -> [Diagnosis] {
        if let placeError { return [.failure(.repository, placeError)] }
        guard let place else {
            return [
                .warning(
                    .repository, "this folder is in no Git repository, so images are not shared", fix: "git init")
            ]
        }
        if let unsupported = place.unsupported {
            return [
                .warning(
                    .repository, "\(unsupported); every file of a context counts, and nothing is staged",
                    fix: "git lfs track and git add by hand (docs/repositories.md)")
            ]
        }
        guard let workTree = place.workTree else {
            return [.warning(.repository, "\(place.gitDirectory) is bare: there is nothing to build from")]
        }
        return [.ok(.repository, "\(workTree)")]
    }

    /// The configuration file.
    func settings() -> [Diagnosis] {
        if let configurationError { return [.failure(.configuration, configurationError)] }
        guard let configuration else { return [] }
        guard let file = configuration.file else {
            return [
                .warning(
                    .configuration, "there is no \(ConfigurationFile.name)",
                    fix: "cache-image init")
            ]
        }
        var found: [Diagnosis] = []
        if let warning = configuration.warning { found.append(.warning(.configuration, warning)) }
        for level in configuration.levels {
            guard let mistake = level.mistake else { continue }
            found.append(.problem(.configuration, "level \(level.name): \(mistake)", fix: mistake.hint))
        }
        let images = Quantity.count(configuration.images.count, "image")
        let levels = Quantity.count(configuration.levels.count, "test level")
        return [.ok(.configuration, "\(file), \(images), \(levels)")] + found
    }

    /// What the configuration wants of this machine.
    func trust() -> [Diagnosis] {
        guard let configuration, let cache, configuration.file != nil else { return [] }
        let questions = configuration.questions
        if questions.isEmpty { return [.ok(.trust, "nothing needs it")] }
        if configuration.trust != .asked { return [.ok(.trust, "everything is trusted for this run")] }
        let open = cache.trust.open(questions)
        if open.isEmpty { return [.ok(.trust, "given for \(questions.map(\.subject).joined(separator: ", "))")] }
        return open.map { question in
            let reasons = question.question.reasons.joined(separator: "; ")
            return .warning(.trust, "not given yet: \(reasons)", fix: "cache-image trust, after reading these lines")
        }
    }

    // MARK: Owners

    /// Files that this user cannot write, or that are somebody else's.
    func permissions() -> [Diagnosis] {
        var places: [FilePath] = []
        if let cache { places += Self.withFiles(cache.folder) }
        if let opened {
            let store = (try? ObjectStore(opened))?.root
            places += [opened.workTree, opened.gitDirectory, opened.commonDirectory, opened.indexPath].compactMap { $0 }
            places += Self.withFiles(opened.objectsDirectory)
            places += Self.withFiles(opened.gitDirectory.appending("cache-image"))
            if let store { places += [store] + Self.withFiles(store.appending("objects")) + [store.appending("tmp")] }
        }
        if let state = StateFolder.path(given) { places += Self.withFiles(state) }
        var found: [Diagnosis] = []
        var told: [FilePath] = []
        for path in places where !told.contains(where: { path.starts(with: $0) }) {
            guard let status = (try? FileStatus.of(path)) ?? nil else { continue }
            let mayWrite = path.withPlatformString { access($0, W_OK) } == 0 || errno == EROFS
            guard let diagnosis = Self.permission(path, status, user: geteuid(), group: getegid(), mayWrite: mayWrite)
            else { continue }
            told.append(path)
            found.append(diagnosis)
        }
        return found.isEmpty ? [.ok(.permissions, "what is written to is this user's")] : found
    }

    /// What owner and mode of a file come to; nil where it is as it should be.
    static func permission(
        _ path: FilePath, _ status: FileStatus, user: UInt32, group: UInt32, mayWrite: Bool
    ) -> Diagnosis? {
        if status.kind == .symbolicLink || mayWrite { return nil }
        // Objects and archives are replaced, never written to: their folders count.
        if status.owner == user, status.kind != .directory { return nil }
        let shown = ShellWord.shown(path)
        return status.owner == user
            ? .problem(.permissions, "\(path) is yours and cannot be written", fix: "chmod u+rwx \(shown)")
            : .problem(
                .permissions, "\(path) belongs to user \(status.owner), as after a command that ran as root",
                fix: "sudo chown -R \(user):\(group) \(shown)")
    }

    /// A folder and what lies in it, as far as it is there.
    private static func withFiles(_ folder: FilePath) -> [FilePath] {
        [folder] + ((try? Files.names(in: folder)) ?? []).prefix(2000).map { folder.appending($0) }
    }
}
