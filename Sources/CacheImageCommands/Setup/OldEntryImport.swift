import Adoption
import CommandSession
import Configuration
import Console
import Git
import ImageCache
import LFS
import OCI
import SystemPackage

/// Takes archives of scripts over as entries.
final class OldEntryImport {
    /// The images that have an entry now.
    private(set) var done: Set<ImageName> = []
    private let session: Session

    /// Works on the images of a session's configuration.
    init(_ session: Session) {
        self.session = session
    }

    /// Takes archives over; one that cannot be is a warning, since `update` makes the image anew.
    func run(_ entries: [OldEntry]) async throws {
        await fetch(entries.filter { $0.pointer != nil })
        for entry in entries {
            guard let image = session.configuration.image(entry.name) else { continue }
            do {
                let outcome = try await session.noted(image) {
                    try await session.cache.imageImport.store(entry.path, as: image, selecting: nil)
                }
                if session.terminal.options.isJSON {
                    session.terminal.note(outcome.line)
                } else {
                    _ = session.show(outcome)
                }
                done.insert(image.name)
            } catch let error as CancellationError {
                throw error
            } catch {
                let failure = Failure(describing: error)
                session.terminal.warning(
                    "\(image.name) was not taken over: \(failure.message)",
                    hint: failure.hint ?? "cache-image update \(image.name) makes it anew")
            }
        }
    }

    /// Brings archives here of which only the pointers are.
    private func fetch(_ entries: [OldEntry]) async {
        if entries.isEmpty { return }
        do {
            let transfer = try session.transfer("fetch", remote: nil)
            let paths = Set(entries.compactMap { session.cache.repository?.relativePath(of: $0.path) })
            let wanted = try transfer.staged().filter { $0.path.map(paths.contains) ?? false }
            let display = session.transferDisplay("fetching LFS objects")
            try await transfer.client.fetch(wanted.filter { try transfer.client.store.find($0.pointer) == nil }) {
                display($0)
            }
            _ = try await transfer.checkOut()
        } catch {
            let failure = Failure(describing: error)
            session.terminal.warning(failure.message, hint: failure.hint)
        }
    }
}
