import Engines
import Foundation
import Glibc
import SystemPackage
import TestSupport
import Testing

/// Which engine is used, with shell scripts under the engines' names.
@Suite(.timeLimit(.minutes(2))) struct EngineSearchTests {
    /// What an engine of a test does when it is asked.
    enum Fake: String, Sendable {
        case absent
        case answers = "echo 1.2.3 amd64"
        case fails = "echo 'Error: no store here' >&2; exit 125"
        case hangs = "exec /bin/sleep 100"
    }

    struct Case: Sendable, CustomStringConvertible {
        var fakes: [Fake]
        var wanted: Dialect?
        var found: Dialect?
        var absent: Dialect?
        var message = ""

        init(
            _ podman: Fake, _ docker: Fake, _ buildah: Fake, wanted: Dialect? = nil, _ found: Dialect?,
            absent: Dialect? = nil, _ message: String = ""
        ) {
            (fakes, self.wanted, self.found) = ([podman, docker, buildah], wanted, found)
            (self.absent, self.message) = (absent, message)
        }

        var description: String { "\(fakes.map(\.self)) \(wanted?.name ?? "auto")" }
    }

    private static func environment(_ sandbox: Sandbox, _ fakes: [Fake]) throws -> [String: String] {
        for (dialect, fake) in zip(Dialect.all, fakes) {
            let path = "bin/\(dialect.name)"
            try? FileManager.default.removeItem(atPath: sandbox.path(path).string)
            if fake == .absent { continue }
            let log = "echo \"\(dialect.name) $1\" >>'\(sandbox.path("asked"))'"
            // A client knows its context without the daemon.
            let script = "#!/bin/sh\n\(log)\n[ \"$1\" != context ] || exit 1\n\(fake.rawValue)\n"
            try sandbox.write(path, script, permissions: 0o755)
        }
        return [
            "PATH": sandbox.path("bin").string + ":/nowhere", "HOME": sandbox.path("home").string,
        ]
    }

    private static func asked(_ sandbox: Sandbox) -> Int {
        ((try? sandbox.text("asked")) ?? "").split(separator: "\n").count
    }

    @Test(arguments: ["policy.json", "storage.conf", "containers.conf", "registries.conf"])
    func anEngineWhoseSettingsAreAPipeIsNotAsked(name: String) async throws {
        try await Sandbox.with { sandbox in
            let environment = try Self.environment(sandbox, [.answers, .absent, .answers])
            try sandbox.write("home/.config/containers/x", "")
            let path = sandbox.path("home/.config/containers/\(name)").string
            #expect(mkfifo(path, 0o644) == 0)
            let answer = try await EngineSearch(nil, environment: environment).run()
            #expect(answer.finding == nil)
            #expect(answer.attempts.map(\.reason).filter { $0 == "cannot read \(path): it is a named pipe" }.count == 2)
            #expect(Self.asked(sandbox) == 0)
        }
    }

    @Test(arguments: [
        Case(.answers, .answers, .answers, .podman), Case(.absent, .answers, .answers, .docker),
        Case(.absent, .fails, .answers, .buildah), Case(.fails, .fails, .answers, .buildah),
        Case(.fails, .answers, .absent, .docker), Case(.answers, .absent, .absent, .podman),
        Case(.answers, .answers, .answers, wanted: .buildah, .buildah),
        Case(
            .absent, .absent, .absent, nil, absent: .podman,
            "cannot find a container engine that answers: podman: not on PATH; docker: not on PATH; buildah: not on PATH"
        ),
        Case(
            .absent, .fails, .absent, nil, absent: .podman,
            "cannot find a container engine that answers: podman: not on PATH; docker: no store here; buildah: not on PATH"
        ),
        Case(
            .fails, .absent, .absent, nil,
            "cannot find a container engine that answers: podman: no store here; docker: not on PATH; buildah: not on PATH"
        ),
        Case(
            .absent, .answers, .absent, wanted: .podman, nil, absent: .podman, "cannot find podman: it is not on PATH"),
        Case(
            .answers, .absent, .absent, wanted: .buildah, nil, absent: .buildah,
            "cannot find buildah: it is not on PATH"),
        Case(.answers, .fails, .absent, wanted: .docker, nil, "cannot reach docker: no store here"),
        Case(.answers, .absent, .absent, wanted: .docker, nil, "cannot find docker: it is not on PATH"),
        Case(.hangs, .absent, .answers, .buildah),
    ])
    func theFirstThatAnswersIsUsed(_ test: Case) async throws {
        try await Sandbox.with { sandbox in
            let environment = try Self.environment(sandbox, test.fakes)
            var search = EngineSearch(test.wanted, environment: environment)
            // A busy machine starts even a script late.
            search.patience = test.fakes.contains(.hangs) ? .seconds(3) : .seconds(30)
            let answer = try await search.run()
            #expect(answer.finding?.dialect == test.found)
            #expect(answer.absent == test.absent)
            if test.found == nil {
                #expect(answer.error.description == test.message)
                #expect(answer.error.hint != "")
            }
            for attempt in answer.attempts { #expect(!attempt.reason.isEmpty) }
        }
    }

    @Test func whatWasFoundIsRememberedUntilItStopsAnswering() async throws {
        try await Sandbox.with { sandbox in
            let environment = try Self.environment(sandbox, [.absent, .fails, .answers])
            let search = EngineSearch(nil, environment: environment)
            let first = try await search.run()
            #expect(first.finding?.dialect == .buildah && !first.isRemembered)
            let asked = Self.asked(sandbox)
            let second = try await search.run()
            #expect(second.finding?.dialect == .buildah && second.isRemembered)
            #expect(second.attempts.map(\.dialect) == [.podman, .docker])
            #expect(Self.asked(sandbox) == asked)
            // Another question is another note.
            #expect(try await EngineSearch(.docker, environment: environment).run().finding == nil)
            #expect(try await search.run().isRemembered)
            // The program is another one, or gone.
            _ = try Self.environment(sandbox, [.absent, .answers, .absent])
            #expect(try await search.run().finding?.dialect == .docker)
            // Other variables name another service.
            let other = environment.merging(["DOCKER_HOST": "tcp://elsewhere:1"]) { $1 }
            #expect(try await EngineSearch(nil, environment: other).run().isRemembered == false)
        }
    }

    @Test func aDaemonsSocketIsAskedByConnecting() async throws {
        try await Sandbox.with { sandbox in
            var environment = try Self.environment(sandbox, [.absent, .fails, .answers])
            let path = sandbox.path("sock").string
            environment["DOCKER_HOST"] = "unix://\(path)"
            let search = EngineSearch(nil, environment: environment)
            let away = try await search.run()
            #expect(away.finding?.dialect == .buildah)
            #expect(away.attempts.last?.reason == "the daemon does not answer at unix://\(path)")
            let named = try await EngineSearch(.docker, environment: environment).run()
            #expect(named.error.kind == .unreachable)
            #expect(named.error.hint == "start the daemon of unix://\(path), or unset DOCKER_HOST")

            let listener = try Listener(path)
            try sandbox.write("home2/.keep", "")
            environment["HOME"] = sandbox.path("home2").string
            _ = try Self.environment(sandbox, [.absent, .answers, .answers])
            let listening = EngineSearch(nil, environment: environment)
            #expect(try await listening.run().finding?.endpoint == "unix://\(path)")
            #expect(try await listening.run().isRemembered)
            listener.close()
            // The socket is there, nobody listens.
            _ = try Self.environment(sandbox, [.absent, .fails, .answers])
            #expect(try await listening.run().finding?.dialect == .buildah)
        }
    }

    @Test(arguments: [nil, "", "relative", "/proc/nowhere", "/dev/null/x"])
    func aHomeThatCannotBeWrittenIsNoFailure(_ home: String?) async throws {
        try await Sandbox.with { sandbox in
            var environment = try Self.environment(sandbox, [.answers, .absent, .absent])
            environment["HOME"] = home
            let search = EngineSearch(nil, environment: environment)
            #expect(try await search.run().finding?.dialect == .podman)
            #expect(try await search.run().isRemembered == false)
        }
    }

    /// Damaged notes are none.
    @Test(arguments: ["", "{", "[]", "{\"findings\": [{\"wanted\": \"auto\", \"found\": {}}]}"])
    func damagedNotesAreNone(_ text: String) async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("home/.local/state/cache-image/engine.json", text)
            let environment = try Self.environment(sandbox, [.answers, .absent, .absent])
            let search = EngineSearch(nil, environment: environment)
            #expect(try await search.run().isRemembered == false)
            #expect(try await search.run().isRemembered)
        }
    }

    /// A socket at which somebody listens.
    private struct Listener {
        let descriptor: Int32

        init(_ path: String) throws {
            descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
            let result = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            if result != 0 || listen(descriptor, 5) != 0 { throw Errno(rawValue: errno) }
        }

        func close() { _ = Glibc.close(descriptor) }
    }
}
