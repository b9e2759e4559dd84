import CommandSession
import Configuration
import Console
import Engines
import Glibc
import ImageCache
import OCI
import SystemCalls
import SystemPackage

/// Runs test levels one after the other, once their images are up to date.
struct LevelRunner {
    let session: Session
    let rebuilds: Bool
    let isFrozen: Bool
    let isInteractive: Bool
    let logLevel: String?
    let options: [String]

    /// Runs levels in order; the status of the first that fails, else 0.
    ///
    /// Nothing runs where one of them cannot.
    func run(_ levels: [TestLevel], arguments: [String]) async throws -> Int32 {
        let images = try levels.map { level in
            if let mistake = level.mistake {
                throw levels.count == 1
                    ? mistake
                    : ConfigurationError("cannot run level \(level.name): \(mistake)", hint: mistake.hint)
            }
            try level.check(options: options, .flag("--options"), root: session.configuration.root)
            return try declaration(of: level)
        }
        try session.cache.trust.require(levels.compactMap { session.configuration.question(about: $0) })
        let prepared = try await prepare(images)
        for (level, image) in zip(levels, images) {
            if !level.idleKeys.isEmpty {
                session.terminal.warning(
                    "level \(level.name) runs on the host: no effect has \(level.idleKeys.joined(separator: ", "))")
            }
            try check(prepared[image.name], image)
            let status = try await runInTime(level, image, arguments)
            if status != 0 {
                if levels.count > 1 { session.terminal.note("level \(level.name) failed with status \(status)") }
                return status
            }
        }
        return 0
    }

    /// Opens a shell in the place of a level's command; its status.
    func runShell(in level: TestLevel, arguments: [String]) async throws -> Int32 {
        if let mistake = level.mistake { throw mistake }
        let shell = try ShellLevel.of(level)
        let root = session.configuration.root
        try shell.check(options: level.options, .flag("--shell"), root: root)
        try shell.check(options: options, .flag("--options"), root: root)
        let image = try declaration(of: level)
        try session.cache.trust.require([session.configuration.question(about: level)].compactMap { $0 })
        try check(try await prepare([image])[image.name], image)
        session.terminal.note("a shell in \(image.name), as level \(level.name) runs in it")
        return try await runInTime(shell, image, arguments)
    }

    /// Fails where an image could not be brought up to date.
    private func check(_ result: Result<Outcome, any Error>?, _ image: ImageDeclaration) throws {
        guard case .failure(let error) = result else { return }
        session.showLog(of: error, building: image)
        throw error
    }

    /// Runs a level's command; 124 where it took longer than the level allows, and was ended.
    private func runInTime(_ level: TestLevel, _ image: ImageDeclaration, _ arguments: [String]) async throws -> Int32 {
        let command =
            level.place == .host
            ? try await hostCommand(level, image, arguments) : try await containerCommand(level, image, arguments)
        if let status = try await LevelTimeout(seconds: level.timeout).run(command) { return status }
        session.terminal.report(
            Failure(
                .timedOut,
                "cannot wait for level \(level.name) any longer: its timeout of \(level.timeoutText) is over",
                hint: "tests.levels.\(level.name).timeout in cache-image.yml sets it"))
        return Console.ExitCode.timedOut.rawValue
    }

    private func declaration(of level: TestLevel) throws -> ImageDeclaration {
        guard let name = level.image else {
            throw Failure(
                .usage, "cannot run level \(level.name): no image is declared for it", hint: "set tests: image:")
        }
        guard let image = session.configuration.images.first(where: { $0.name == name }) else {
            throw Failure(.usage, "cannot run level \(level.name): image \(name) is not declared")
        }
        return image
    }

    /// Brings images up to date, all before the first level: a build may make another one stale.
    ///
    /// One that fails is an error of its first level. An entry that could not be staged is a warning here.
    private func prepare(_ images: [ImageDeclaration]) async throws -> [ImageName: Result<Outcome, any Error>] {
        var wanted: [ImageDeclaration] = []
        for image in images where !wanted.contains(where: { $0.name == image.name }) { wanted.append(image) }
        let results = try await session.cache.updater.update(
            wanted, isFrozen ? .frozen : rebuilds ? .rebuilt : .current, heard: { session.note($0) })
        for case .success(let outcome) in results.map(\.result) { session.showOnTheWay(outcome) }
        try await session.keepLimits()
        return Dictionary(results.map { ($0.image.name, $0.result) }) { $1 }
    }
}
