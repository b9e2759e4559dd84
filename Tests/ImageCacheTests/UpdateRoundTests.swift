import Configuration
import Hashing
import OCI
import Records
import TestSupport
import Testing

@testable import ImageCache

/// In which order images are decided about, and about which once more.
@Suite struct UpdateRoundTests {
    private struct Failed: Error {}

    /// A project whose images have names, with the lock of base images that their builds move.
    private final class Fake {
        var lock = BaseLock()
        var calls: [String] = []
        var failures: [String] = []
        /// What the calls about an image do; the last is repeated.
        var acts: [String: [Act]] = [:]

        enum Act { case current, build(movesLock: Bool), fail }

        /// The image that each is made from.
        var bases: [String: ImageDeclaration] = [:]

        func update(_ image: ImageDeclaration, _ wish: Wish, _ need: UpdateRound.Need) async throws -> Outcome {
            let name = image.name.name
            if let base = bases[name] { try await need(base) }
            calls.append(wish == .current ? name : "\(name) \(wish)")
            let act = acts[name]?.first ?? .current
            if acts[name].map({ $0.count > 1 }) == true { acts[name]?.removeFirst() }
            switch act {
            case .fail: throw Failed()
            case .current: return outcome(image, .current)
            case .build(let movesLock):
                if movesLock { move() }
                return outcome(image, .built)
            }
        }

        private func move() {
            let digest = SHA256Digest(of: "\(calls.count)".utf8)
            let entry = BaseLock.Entry(
                manifest: nil, imageID: digest, diffIDs: [], contentID: digest, runtime: RuntimeConfig())
            guard let reference = try? ImageReference("debian") else { return }
            lock[reference, .linuxAMD64] = entry
        }

        private func outcome(_ image: ImageDeclaration, _ action: Outcome.Action) -> Outcome {
            Outcome(
                image: image.name, action: action, key: nil, imageID: nil, duration: .zero, reasons: [], bytesSent: 0,
                stagingFailure: nil)
        }

        func run(_ images: [ImageDeclaration], _ wish: Wish = .current) async throws -> [String] {
            let round = UpdateRound(
                lock: { self.lock }, update: { try await self.update($0, $1, $2) },
                heard: { if case .failure = $0.result { self.failures.append($0.image.name.name) } })
            return try await round.run(images, wish).map { result in
                (try? result.result.get())?.action.rawValue ?? "failed"
            }
        }
    }

    private static func images(_ sandbox: Sandbox) throws -> [ImageDeclaration] {
        try sandbox.write("p/cache-image.yml", "images: {a: , b: , c: }\n")
        return try ProjectConfiguration.load(
            Overrides(), from: sandbox.path("p"), workTree: sandbox.path("p"), environment: [:]
        ).images
    }

    @Test func imagesAreDecidedAboutInOrderAndOnceWhereNoLockMoves() async throws {
        try await Sandbox.with { sandbox in
            let fake = Fake()
            fake.acts = ["b": [.build(movesLock: false)]]
            let actions = try await fake.run(try Self.images(sandbox))
            #expect(actions == ["current", "built", "current"])
            #expect(fake.calls == ["a", "b", "c"])
        }
    }

    @Test func whatCameBeforeAMovedLockIsDecidedAboutAnew() async throws {
        try await Sandbox.with { sandbox in
            let fake = Fake()
            fake.acts = ["a": [.current, .build(movesLock: false)], "b": [.build(movesLock: true), .current]]
            // The second look at b would find nothing to do, but b itself saw the new lock.
            let actions = try await fake.run(try Self.images(sandbox))
            #expect(actions == ["built", "built", "current"])
            #expect(fake.calls == ["a", "b", "c", "a"])
        }
    }

    @Test func aSecondLookThatFindsNothingKeepsTheFirstOutcome() async throws {
        try await Sandbox.with { sandbox in
            let fake = Fake()
            fake.acts = ["a": [.build(movesLock: false), .current], "c": [.build(movesLock: true)]]
            let actions = try await fake.run(try Self.images(sandbox))
            #expect(actions == ["built", "current", "built"])
            #expect(fake.calls == ["a", "b", "c", "a", "b"])
        }
    }

    @Test func oneThatFailsKeepsNoOtherFromItsTurnAndIsNotTriedTwice() async throws {
        try await Sandbox.with { sandbox in
            let fake = Fake()
            fake.acts = ["a": [.fail], "b": [.build(movesLock: false)], "c": [.build(movesLock: true)]]
            let actions = try await fake.run(try Self.images(sandbox))
            #expect(actions == ["failed", "built", "built"])
            #expect(fake.calls == ["a", "b", "c", "b"] && fake.failures == ["a"])
        }
    }

    @Test func whatIsRebuiltIsNotRebuiltTwice() async throws {
        try await Sandbox.with { sandbox in
            let fake = Fake()
            fake.acts = ["a": [.build(movesLock: false), .current], "b": [.build(movesLock: true)]]
            let images = Array(try Self.images(sandbox).prefix(2))
            let actions = try await fake.run(images, .rebuilt)
            #expect(actions == ["built", "built"])
            #expect(fake.calls == ["a rebuilt", "b rebuilt", "a"])
        }
    }

    @Test func aBaseIsDecidedAboutBeforeTheImageThatIsMadeFromItAndOnce() async throws {
        try await Sandbox.with { sandbox in
            let fake = Fake()
            let images = try Self.images(sandbox)
            fake.bases = ["a": images[2], "b": images[2]]
            fake.acts = ["a": [.build(movesLock: false)], "c": [.build(movesLock: false), .current]]
            let actions = try await fake.run(images)
            #expect(actions == ["built", "current", "built"])
            #expect(fake.calls == ["c", "a", "b"])
        }
    }

    @Test func whatIsMadeFromAnImageThatFailsFailsAndTriesItOnce() async throws {
        try await Sandbox.with { sandbox in
            let fake = Fake()
            let images = try Self.images(sandbox)
            fake.bases = ["a": images[2], "b": images[2]]
            fake.acts = ["c": [.fail]]
            let actions = try await fake.run(images)
            #expect(actions == ["failed", "failed", "failed"])
            #expect(fake.calls == ["c"] && fake.failures == ["c", "a", "b"])
        }
    }

    @Test func aBaseThatIsNotAskedForIsBroughtUpToDateWithItsImage() async throws {
        try await Sandbox.with { sandbox in
            let fake = Fake()
            let images = try Self.images(sandbox)
            fake.bases = ["a": images[2]]
            fake.acts = ["c": [.build(movesLock: false)], "a": [.build(movesLock: false)]]
            let actions = try await fake.run([images[0]], .rebuilt)
            // What was asked for, then its base.
            #expect(actions == ["built", "built"])
            // The base is brought up to date, not rebuilt.
            #expect(fake.calls == ["c", "a rebuilt"])
        }
    }
}
