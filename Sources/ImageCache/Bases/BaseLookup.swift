import Context
import Engines
import OCI
import Records
import Registry

/// A base image with all that was found out about it.
struct BaseLookup: Sendable {
    /// The base image as the inputs name it.
    let named: ImageInputs.Base
    /// What the lock says.
    var locked: BaseLock.Entry?
    /// What the engine has.
    var held: EngineImage?
    /// What the registry says.
    private var finding: RegistryFinding?
    /// Why nobody needs to be asked; nil where somebody does, or nobody shall be.
    private var unasked: BaseStatus.RegistryState?
    private var registryFailure: (any Error)?
    /// How pulling ended, where it was tried.
    private var pulled: Result<Void, any Error>?

    init(_ named: ImageInputs.Base, locked: BaseLock.Entry?, held: EngineImage?) {
        self.named = named
        self.locked = locked
        self.held = held
    }

    /// Asks the registry what the tag stands for; a registry that does not say is noted, not thrown.
    mutating func askRegistry(_ client: RegistryClient) async throws {
        let reference = named.reference
        if reference.digest != nil || reference.isLocal {
            unasked = reference.digest != nil ? .pinned : .local
            return
        }
        do {
            finding = try await RegistryFinding.ask(
                client, reference, platform: named.platform,
                known: RegistryFinding.Known(locked: locked, held: held))
        } catch let error as CancellationError {
            throw error
        } catch {
            registryFailure = error
        }
    }

    /// Has the engine pull the image, where that is needed to have what the registry has.
    mutating func pullIfNeeded(_ engine: Engine, events: CacheEvents) async throws {
        guard needsPull else { return }
        events.detail("pulling base image \(named.written)")
        do {
            held = try await engine.pull(named.written, platform: named.platform) ?? held
            pulled = .success(())
        } catch let error as EngineError {
            pulled = .failure(error)
        }
    }

    /// Why the registry did not say, or the engine could not pull; nil where the engine could pull all the same.
    var failure: (any Error)? {
        switch pulled {
        case .success: nil
        case .failure(let error): error
        case nil: registryFailure
        }
    }

    /// Whether the engine has to pull to have what the registry has.
    private var needsPull: Bool {
        guard let held else { return unasked != .local }
        // What stands for the locked image stands for the engine's only where these are the same.
        let isLocked = held.lockEntry.contentID == locked?.contentID
        guard let finding, let known = RegistryFinding.Known(locked: isLocked ? locked : nil, held: held) else {
            return false
        }
        return !finding.names(known)
    }

    /// How the registry stands to the lock; nil where it was not asked.
    private var registryState: BaseStatus.RegistryState? {
        if let unasked { return unasked }
        if let finding {
            guard let known = RegistryFinding.Known(locked: locked, held: held) else { return .unlocked }
            return finding.names(known) ? .same : .moved
        }
        guard let registryFailure else { return nil }
        return (registryFailure as? RegistryError)?.kind == .unreachable ? .unreachable : .unknown
    }

    /// All of it for people and scripts.
    var status: BaseStatus {
        let present = held?.lockEntry.contentID
        let state: BaseStatus.State =
            present == nil ? .absent : locked == nil ? .unlocked : present == locked?.contentID ? .locked : .moved
        return BaseStatus(
            reference: named.reference, platform: named.platform, locked: locked?.contentID, present: present,
            state: state,
            registry: finding?.digest, registryState: registryState, failure: failure)
    }
}
