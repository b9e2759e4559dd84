import Configuration
import OCI
import Records

/// What became of an image.
public struct ImageResult: Sendable {
    /// The image.
    public let image: ImageDeclaration
    /// What was done about it, or why that failed.
    public let result: Result<Outcome, any Error>
    /// How long that took.
    public let duration: Duration

    /// Says what became of an image.
    public init(image: ImageDeclaration, result: Result<Outcome, any Error>, duration: Duration) {
        self.image = image
        self.result = result
        self.duration = duration
    }
}

/// Decides about several images in their order, base images among them first, and once more about those that came before
/// the lock of base images changed: a build may move it.
///
/// Not to be used from two tasks at once.
final class UpdateRound {
    /// Brings a declared image up to date that another one is to be made from.
    typealias Need = (ImageDeclaration) async throws -> Void

    private let lock: () throws -> BaseLock
    private let update: (ImageDeclaration, Wish, @escaping Need) async throws -> Outcome
    private let heard: (ImageResult) -> Void

    /// What became of an image, and the lock after it; nil where that cannot be read.
    private struct Attempt {
        let result: ImageResult
        let lock: BaseLock?
    }

    private var attempts: [ImageName: Attempt] = [:]
    /// The images in the order of their first attempts.
    private var tried: [ImageDeclaration] = []

    /// Describes a round.
    ///
    /// - Parameters:
    ///   - lock: The present lock of base images.
    ///   - update: Brings one image into a state.
    ///   - heard: Hears of each image what became of it, as soon as that is known.
    init(
        lock: @escaping () throws -> BaseLock,
        update: @escaping (ImageDeclaration, Wish, @escaping Need) async throws -> Outcome,
        heard: @escaping (ImageResult) -> Void
    ) {
        self.lock = lock
        self.update = update
        self.heard = heard
    }

    /// Brings images into the wanted state; one that fails keeps no other from it.
    ///
    /// - Returns: What became of them, in their order, then of base images that were not asked for.
    /// - Throws: `CancellationError` only.
    func run(_ images: [ImageDeclaration], _ wish: Wish) async throws -> [ImageResult] {
        for image in images where wish == .rebuilt || attempts[image.name] == nil {
            _ = try await attempt(image, wish, needsLock: images.count > 1)
        }
        if images.count > 1 {
            let last = try? lock()
            for image in images {
                guard let first = attempts[image.name], first.lock != last, case .success = first.result.result else {
                    continue
                }
                let again = try await attempt(
                    image, wish == .frozen ? .frozen : .current, needsLock: true, isSecond: true)
                // A second look that finds nothing to do takes nothing back of the first.
                if case .success(let outcome) = again.result, outcome.action == .current {
                    attempts[image.name] = first
                }
            }
        }
        let asked = Set(images.map(\.name))
        let others = tried.filter { !asked.contains($0.name) }
        return (images + others).compactMap { attempts[$0.name]?.result }
    }

    /// Brings a base image up to date, unless that was done under the present lock, or failed.
    private func need(_ base: ImageDeclaration) async throws {
        if let known = attempts[base.name] {
            if case .failure(let error) = known.result.result { throw error }
            if known.lock == (try? lock()) { return }
        }
        _ = try await attempt(base, .current, needsLock: true).result.get()
    }

    private func attempt(
        _ image: ImageDeclaration, _ wish: Wish, needsLock: Bool, isSecond: Bool = false
    ) async throws -> ImageResult {
        let start = ContinuousClock.now
        let result: Result<Outcome, any Error>
        do {
            let outcome = try await update(image, wish) { base in
                do {
                    try await self.need(base)
                } catch let error as CancellationError {
                    throw error
                } catch {
                    throw CacheError.baseFailed(image: image.name.description, base: base.name.description, error)
                }
            }
            result = .success(outcome)
        } catch let error as CancellationError {
            throw error
        } catch {
            result = .failure(error)
        }
        let done = ImageResult(image: image, result: result, duration: .now - start)
        if attempts[image.name] == nil { tried.append(image) }
        attempts[image.name] = Attempt(result: done, lock: needsLock ? try? lock() : nil)
        if case .success(let outcome) = result, isSecond, outcome.action == .current { return done }
        heard(done)
        return done
    }
}

extension Updater {
    /// Brings images into the wanted state, in their order; each is tried.
    ///
    /// Declared images that one is made from are brought up to date before it is built.
    ///
    /// - Parameters:
    ///   - images: The images.
    ///   - wish: The state.
    ///   - heard: Hears of each image what became of it, as soon as that is known.
    /// - Throws: `CancellationError` only.
    public func update(
        _ images: [ImageDeclaration], _ wish: Wish = .current,
        heard: @escaping (ImageResult) -> Void = { _ in }
    ) async throws -> [ImageResult] {
        let round = UpdateRound(
            lock: { try lockFile.read().lock }, update: { try await update($0, $1, need: $2) }, heard: heard)
        return try await round.run(images, wish)
    }

    /// Builds an image whatever its key says, stores and stages it.
    public func build(_ image: ImageDeclaration) async throws -> Outcome {
        guard let done = try await update([image], .rebuilt).first else { throw CancellationError() }
        return try done.result.get()
    }
}
