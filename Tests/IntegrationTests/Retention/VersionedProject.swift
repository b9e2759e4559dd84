import Foundation
import SystemPackage
import TestSupport

/// A repository `w` with a remote beside it, whose history holds versions of one image: texts, so that no engine is needed.
struct VersionedProject {
    let sandbox: Sandbox

    /// Makes the repository; `limits` is what `storage.image_cache` holds.
    init(_ sandbox: Sandbox, limits: String = "max_count: 1, keep_tags: false") async throws {
        self.sandbox = sandbox
        try await sandbox.run("git", ["init", "-q", "--bare", "srv.git"]).check()
        try await sandbox.run("git", ["init", "-q", "w"]).check()
        try await git("remote", "add", "origin", "../srv.git")
        try await cacheImage("lfs", "install").check()
        try sandbox.write("w/.gitattributes", "*.tar filter=lfs diff=lfs merge=binary -text\n")
        try sandbox.write("w/cache-image.yml", "storage: {image_cache: {\(limits)}}\n")
    }

    static func with(
        limits: String = "max_count: 1, keep_tags: false", versions: [String] = ["one", "two", "three"],
        _ body: (VersionedProject) async throws -> Void
    ) async throws {
        try await Sandbox.with { sandbox in
            let project = try await VersionedProject(sandbox, limits: limits)
            for text in versions { try await project.commit(text) }
            try await project.git("push", "-q", "origin", "main")
            try await body(project)
        }
    }

    @discardableResult
    func git(_ words: String..., in folder: String = "w") async throws -> CommandResult {
        try await sandbox.run("git", words, in: folder).check()
    }

    @discardableResult
    func cacheImage(_ words: String..., in folder: String = "w") async throws -> CommandResult {
        try await sandbox.run("cache-image", words, in: folder)
    }

    func write(_ text: String, in folder: String = "w") throws {
        try sandbox.write("\(folder)/docker-cache/a-latest.tar", text)
    }

    func commit(_ text: String, in folder: String = "w") async throws {
        try write(text, in: folder)
        try await git("add", "-A", in: folder)
        try await git("commit", "-qm", text, in: folder)
    }

    /// The texts whose objects the store holds.
    func held() throws -> Set<String> {
        let root = sandbox.path("w/.git/lfs/objects").string
        let names = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
        return Set(
            names.filter { $0.utf8.count == 70 }.compactMap { name in
                FileManager.default.contents(atPath: root + "/" + name).map { String(decoding: $0, as: UTF8.self) }
            })
    }

    /// Runs `clean`, which must remove just what `clean --dry-run` says; what it says.
    func clean(_ words: String...) async throws -> [String] {
        let before = try held()
        let dry = try await sandbox.run("cache-image", ["clean", "--dry-run"] + words, in: "w").check()
        guard try held() == before else { throw Surprise(text: "a dry run removed something") }
        let done = try await sandbox.run("cache-image", ["clean"] + words, in: "w").check()
        guard dry.lines == done.lines.map({ "would remove" + $0.dropFirst("removed".count) }) else {
            throw Surprise(text: "\(dry.output)is not\n\(done.output)")
        }
        return done.lines
    }

    struct Surprise: Error { let text: String }
}
