import Configuration
import Console
import ImageCache

extension Session {
    /// Runs what acts on an image, and notes in the journal what came of it.
    public func noted(_ image: ImageDeclaration, _ body: () async throws -> Outcome) async throws -> Outcome {
        let start = ContinuousClock.now
        do {
            let outcome = try await body()
            note(ImageResult(image: image, result: .success(outcome), duration: outcome.duration))
            return outcome
        } catch let error as CancellationError {
            throw error
        } catch {
            note(ImageResult(image: image, result: .failure(error), duration: .now - start))
            throw error
        }
    }

    /// Notes in the journal what became of an image.
    public func note(_ result: ImageResult) {
        switch result.result {
        case .success(let outcome):
            cache.journal.append(JournalEntry(outcome))
            if [.built, .saved].contains(outcome.action) { stored.append(result.image) }
        case .failure(let error):
            let status = Failure(describing: error).code.rawValue
            cache.journal.append(JournalEntry(failed: result.image.name, status: status, duration: result.duration))
        }
    }
}
