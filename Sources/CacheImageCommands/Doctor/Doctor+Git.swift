import Configuration
import Console
import Git
import ImageCache
import LFS
import Programs
import SystemCalls
import SystemPackage

/// What Git knows of large files in this clone.
extension Doctor {
    /// The words that start this program from Git's shell.
    var programWord: String { ProgramWord.forShell(ProgramWord.current, environment: given) }

    /// The program git.
    func git() async -> [Diagnosis] {
        if let version = await firstLine("git", ["--version"]) { return [.ok(.git, version)] }
        let isThere = ProgramSearch.find("git", environment: given) != nil
        return [
            .warning(
                .git,
                (isThere ? "git does not say its version" : "git is not on PATH")
                    + "; push and some verbs of lfs need it", fix: "apt-get install -y git")
        ]
    }

    /// Filter, hook and attributes, and whether git-lfs is there.
    func lfs() async -> [Diagnosis] {
        var found: [Diagnosis] = []
        if ProgramSearch.find("git-lfs", environment: given) == nil {
            found.append(.ok(.lfs, "git-lfs is not installed, and not needed"))
        } else if let version = await firstLine("git-lfs", ["version"]) {
            found.append(.ok(.lfs, version))
        } else {
            found.append(
                .warning(
                    .lfs, "git-lfs does not say its version",
                    fix: "reinstall it, or remove it and run cache-image lfs install"))
        }
        guard let opened, opened.workTree != nil else { return found }
        do { found.append(try filter(opened)) } catch { found.append(.failure(.lfs, error)) }
        do { found.append(try hook(opened)) } catch { found.append(.failure(.lfs, error)) }
        do { found.append(contentsOf: try attributes(opened)) } catch { found.append(.failure(.lfs, error)) }
        return found
    }

    private func filter(_ repository: Repository) throws -> Diagnosis {
        let configuration = try repository.configuration()
        let command = configuration.string("filter.lfs.process") ?? configuration.string("filter.lfs.clean") ?? ""
        let fix = "cache-image lfs install"
        guard try FilterInstallation(repository, program: programWord).isConfigured() else {
            return command.isEmpty
                ? .warning(
                    .lfs, "Git has no filter for LFS files, so git add would take archives whole", fix: fix, .filter)
                : .problem(.lfs, "the filter of Git is not there: \(command)", fix: fix, .filter)
        }
        if (try? configuration.bool("filter.lfs.required")) != true {
            return .warning(
                .lfs, "filter.lfs.required is not true, so Git takes archives whole where the filter fails",
                fix: "git config filter.lfs.required true")
        }
        return .ok(.lfs, "filter: \(command)")
    }

    private func hook(_ repository: Repository) throws -> Diagnosis {
        let hook = PrePushHook(repository, program: programWord)
        switch try hook.state() {
        case .upToDate: return .ok(.lfs, "the pre-push hook uploads archives")
        case .installed:
            return .warning(
                .lfs, "there is no pre-push hook, so git push uploads no archives (cache-image push does)",
                fix: "cache-image lfs install", .hook)
        case .repaired:
            return .problem(
                .lfs, "the pre-push hook starts a program that is gone, or an older one",
                fix: "cache-image lfs install",
                .hook)
        case .foreign(let path, let lines):
            return .warning(
                .lfs, "the pre-push hook \(path) is somebody else's, so git push uploads no archives",
                fix: "add to it: \(lines.joined(separator: "; ")); or use cache-image push")
        case .switchedOff(let path):
            return .warning(
                .lfs, "hooks are switched off by core.hooksPath (\(path)), so git push uploads no archives",
                fix: "cache-image push uploads them")
        }
    }

    /// Whether Git will keep archives as pointers and the other files of entries as they are.
    private func attributes(_ repository: Repository) throws -> [Diagnosis] {
        guard let cache, let configuration, !configuration.images.isEmpty,
            let folder = repository.relativePath(of: cache.folder)
        else { return [] }
        let check = stagingCheck(repository, folder, configuration)
        let files = configuration.images.filter(\.isCached).flatMap { image in
            [".tar", ".md5", ".inputs.json"].map { Self.path(folder, image.stem + $0) }
        }
        let rules = try files.map { try repository.ruleIgnoring($0) }
        if let rule = rules.first, let rule, rules.allSatisfy({ $0 != nil }) {
            return [.ok(.lfs, "entries are git-ignored (\(rule)), so they stay on this machine")]
        }
        if let obstacle = try check.obstacleOfPlace() {
            return [.warning(.lfs, obstacle.reason, fix: obstacle.hint)]
        }
        guard let obstacle = try check.obstacleOfConversion() else {
            return [.ok(.lfs, "attributes: archives of \(folder) are kept as pointers")]
        }
        let isUsed = !archives(cache.folder).isEmpty
        return [
            isUsed
                ? .problem(.lfs, obstacle.reason, fix: obstacle.hint, .attributes)
                : .warning(
                    .lfs, "\(obstacle.reason); the first update writes that", fix: obstacle.hint, .attributes)
        ]
    }

    /// The check of what Git would do with the entries of all declared images.
    func stagingCheck(
        _ repository: Repository, _ folder: RelativePath, _ configuration: ProjectConfiguration
    ) -> StagingCheck {
        let stems = configuration.images.filter(\.isCached).map(\.stem)
        func paths(_ suffix: String) -> [RelativePath] {
            stems.map { Self.path(folder, $0 + suffix) }
        }
        return StagingCheck(
            repository, archives: paths(".tar"), files: paths(".md5") + paths(".inputs.json"),
            rules: [AttributesFile.name])
    }

    private static func path(_ folder: RelativePath, _ name: String) -> RelativePath {
        RelativePath(bytes: Array(folder.bytes) + [UInt8(ascii: "/")] + Array(name.utf8))
    }

    private func archives(_ folder: FilePath) -> [FilePath.Component] {
        ((try? Files.names(in: folder)) ?? []).filter { $0.string.hasSuffix(".tar") }
    }

    /// What killed commands left.
    func leftovers() -> [Diagnosis] {
        guard let cache else { return [] }
        let files = cache.leftoverFiles
        guard let first = files.first else { return [.ok(.leftovers, "none of killed commands")] }
        let text = "\(Quantity.count(files.count, "file")) of killed commands, such as \(first)"
        return [.warning(.leftovers, text, fix: "cache-image clean, or any command that stores an image", .leftovers)]
    }
}
