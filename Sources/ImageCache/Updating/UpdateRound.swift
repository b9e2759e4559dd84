import Configuration
import OCI
import Records

/// What became of an image.
public struct ImageResult: Sendable {
    /// The image.
    public let image: ImageDeclaration
    /// What was done about it, or why that failed.
    public let result: Result<Outcome, any Error>
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
    private let failed: (ImageDeclaration, any Error) -> Void

    /// What became of an image, and the lock after it; nil where that cannot be read.
    private struct Attempt {
        let result: Result<Outcome, any Error>
        let lock: BaseLock?
    }

    private var attempts: [ImageName: Attempt] = [:]

    /// Describes a round.
    ///
    /// - Parameters:
    ///   - lock: The present lock of base images.
    ///   - update: Brings one image into a state.
    ///   - failed: Hears of a failure as soon as it happens.
    init(
        lock: @escaping () throws -> BaseLock,
        update: @escaping (ImageDeclaration, Wish, @escaping Need) async throws -> Outcome,
        failed: @escaping (ImageDeclaration, any Error) -> Void
    ) {
        self.lock = lock
        self.update = update
        self.failed = failed
    }

    /// Brings images into the wanted state; one that fails keeps no other from it.
    ///
    /// - Throws: `CancellationError` only.
    func run(_ images: [ImageDeclaration], _ wish: Wish) async throws -> [ImageResult] {
        for image in images where wish == .rebuilt || attempts[image.name] == nil {
            _ = try await attempt(image, wish, needsLock: images.count > 1)
        }
        if images.count > 1 {
            let last = try? lock()
            for image in images {
                guard let first = attempts[image.name], first.lock != last, case .success = first.result else {
                    continue
                }
                let again = try await attempt(image, wish == .frozen ? .frozen : .current, needsLock: true)
                // A second look that finds nothing to do takes nothing back of the first.
                if case .success(let outcome) = again, outcome.action == .current { attempts[image.name] = first }
            }
        }
        return images.compactMap { image in
            attempts[image.name].map { ImageResult(image: image, result: $0.result) }
        }
    }

    /// Brings a base image up to date, unless that was done or tried under the present lock.
    private func need(_ base: ImageDeclaration) async throws {
        var result = attempts[base.name]?.result
        if let known = attempts[base.name], case .success = known.result, known.lock != (try? lock()) { result = nil }
        if result == nil { result = try await attempt(base, .current, needsLock: true) }
        if case .failure(let error) = result { throw error }
    }

    private func attempt(
        _ image: ImageDeclaration, _ wish: Wish, needsLock: Bool
    ) async throws -> Result<Outcome, any Error> {
        let result: Result<Outcome, any Error>
        do {
            result = .success(
                try await update(image, wish) { base in
                    do {
                        try await self.need(base)
                    } catch let error as CancellationError {
                        throw error
                    } catch {
                        throw CacheError.baseFailed(image: image.name.description, base: base, error)
                    }
                })
        } catch let error as CancellationError {
            throw error
        } catch {
            failed(image, error)
            result = .failure(error)
        }
        attempts[image.name] = Attempt(result: result, lock: needsLock ? try? lock() : nil)
        return result
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
    ///   - failed: Hears of a failure as soon as it happens.
    /// - Throws: `CancellationError` only.
    public func update(
        _ images: [ImageDeclaration], _ wish: Wish = .current,
        failed: @escaping (ImageDeclaration, any Error) -> Void = { _, _ in }
    ) async throws -> [ImageResult] {
        let round = UpdateRound(
            lock: { try lockFile.read().lock }, update: { try await update($0, $1, need: $2) }, failed: failed)
        return try await round.run(images, wish)
    }

    /// Builds an image whatever its key says, stores and stages it.
    public func build(_ image: ImageDeclaration) async throws -> Outcome {
        guard let done = try await update([image], .rebuilt).first else { throw CancellationError() }
        return try done.result.get()
    }
}
