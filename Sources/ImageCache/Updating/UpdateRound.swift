import Configuration
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

/// Decides about several images in their order, and once more about those that came before the lock of base images
/// changed: a build may move it.
struct UpdateRound {
    /// The present lock of base images.
    let lock: () throws -> BaseLock
    /// Brings one image into a state.
    let update: (ImageDeclaration, Wish) async throws -> Outcome
    /// Hears of a failure as soon as it happens.
    let failed: (ImageDeclaration, any Error) -> Void

    /// Brings images into the wanted state; one that fails keeps no other from it.
    ///
    /// - Throws: `CancellationError` only.
    func run(_ images: [ImageDeclaration], _ wish: Wish) async throws -> [ImageResult] {
        var results: [ImageResult] = []
        /// The lock after each image; nil where it cannot be read.
        var locks: [BaseLock?] = []
        for image in images {
            results.append(try await attempt(image, wish))
            // Nothing comes after the last one.
            if results.count < images.count { locks.append(try? lock()) }
        }
        guard images.count > 1 else { return results }
        let last = try? lock()
        for (index, seen) in locks.enumerated() where seen != last {
            guard case .success = results[index].result else { continue }
            let again = try await attempt(images[index], wish == .frozen ? .frozen : .current)
            if case .success(let outcome) = again.result, outcome.action == .current { continue }
            results[index] = again
        }
        return results
    }

    private func attempt(_ image: ImageDeclaration, _ wish: Wish) async throws -> ImageResult {
        let start = ContinuousClock.now
        let result: Result<Outcome, any Error>
        do {
            result = .success(try await update(image, wish))
        } catch let error as CancellationError {
            throw error
        } catch {
            failed(image, error)
            result = .failure(error)
        }
        return ImageResult(image: image, result: result, duration: .now - start)
    }
}

extension Updater {
    /// Brings images into the wanted state, in their order; each is tried.
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
            lock: { try lockFile.read().lock }, update: { try await update($0, $1) }, failed: failed)
        return try await round.run(images, wish)
    }
}
