import Archive
import Configuration
import Engines
import Hashing
import OCI
import Records
import SystemCalls
import SystemPackage

/// Keeps what a rebuild can reuse beside an archive that is being saved.
///
/// Losing it loses time only: what goes wrong here is said at `-v`, and the entry has no steps archive then.
struct StepKeeper {
    let secrets: SecretSearch
    let events: CacheEvents

    /// The images to keep, as far as they are known before the image itself is saved.
    struct Plan {
        let material: StepMaterial
        let bases: [StepMaterial.Base]
        let links: [StepLink]
        /// Their configs; nil where the engine tells them only while it saves the image.
        let configs: [ImageConfig]?
        let image: EngineImage

        /// The images whose configs are to come with the saved image.
        var unread: [SHA256Digest] {
            configs == nil ? links.map(\.id).filter { $0 != image.digest } : []
        }
    }

    /// Finds the images to keep of what a build left; nil where there is nothing to be had.
    func plan(
        _ material: StepMaterial?, of declaration: ImageDeclaration, for image: EngineImage, in engine: Engine
    ) async throws -> Plan? {
        guard let material, material.mode != .none else { return nil }
        if image.configDigest != image.digest {
            say("\(engine.name) tells manifests and no configs of images", of: declaration)
            return nil
        }
        return try await unlessItFails {
            let bases = material.keptBases(beside: image.diffIDs)
            let tops = [image.digest] + material.stages
            var links = try await engine.ladder(to: tops, from: Set(bases.map(\.id)))
            for base in bases where !links.contains(where: { $0.id == base.id }) { links.append(.init(id: base.id)) }
            let configs = try await engine.storedConfigs(links.map(\.id))
            if configs == nil, !engine.savesTogether {
                say("the store of \(engine.name) cannot be read", of: declaration)
                return nil
            }
            return Plan(material: material, bases: bases, links: links, configs: configs, image: image)
        }
    }

    /// Writes the steps archive of an image that was saved; nil where there is none.
    ///
    /// - Parameters:
    ///   - plan: The images to keep.
    ///   - declaration: The image.
    ///   - archive: The image's archive, which stands at `file`.
    ///   - file: The file.
    ///   - path: The steps archive to create.
    ///   - engine: The engine.
    func write(
        _ plan: Plan?, of declaration: ImageDeclaration, beside archive: CanonicalArchive, at file: FilePath,
        to path: FilePath, from engine: Engine
    ) async throws -> StepsRecord? {
        guard let plan else { return nil }
        return try await unlessItFails {
            // An archive that stays as it is was not saved, so the engine told no configs; neither have its steps changed.
            if !plan.unread.isEmpty, archive.others.isEmpty { return nil }
            let configs = [archive.config] + (plan.configs ?? archive.others)
            let images = Self.images(plan.links, configs)
            if let secret = secrets.secret(of: declaration, in: images.map(\.config)) {
                events.warning(
                    "no steps of \(declaration.name) are kept: one holds the value of the secret \(secret)", nil)
                return nil
            }
            let own = try CanonicalFile(file, expecting: archive.imageID)
            defer { own.close() }
            let others = try await others(for: images, beside: archive.config, near: path, in: engine)
            defer { for other in others { other.close() } }
            let steps = try StepsArchive.write(images, beside: own, from: others, to: path)
            let bases = plan.bases.map { ($0.reference, $0.id) }
            return StepsRecord(
                archiveDigest: steps.digest, archiveSize: Size(steps.size), builder: plan.material.builder,
                engine: try await engine.version(), bases: Dictionary(bases) { first, _ in first },
                images: steps.images.map(\.id))
        }
    }

    /// Open archives with the layers that are none of the image: those of other stages, which the engine saves once more.
    private func others(
        for images: [StepImage], beside config: ImageConfig, near path: FilePath, in engine: Engine
    ) async throws -> [CanonicalFile] {
        var lacking = Set(images.flatMap(\.config.diffIDs)).subtracting(config.diffIDs)
        if lacking.isEmpty { return [] }
        let folder = try Files.createTemporaryDirectory(in: path.removingLastComponent())
        // What is open can still be read.
        defer { try? Files.removeTree(folder) }
        var others: [CanonicalFile] = []
        do {
            for image in images.sorted(by: { $0.config.diffIDs.count > $1.config.diffIDs.count })
            where !lacking.isDisjoint(with: image.config.diffIDs) {
                let place = folder.appending(image.id.hexadecimal)
                _ = try await engine.save(image.id.hexadecimal, as: try ImageName("steps"), to: place)
                others.append(try CanonicalFile(place, expecting: image.id))
                lacking.subtract(image.config.diffIDs)
            }
            return others
        } catch {
            for other in others { other.close() }
            throw error
        }
    }

    /// The images that are linked, with their configs.
    private static func images(_ links: [StepLink], _ configs: [ImageConfig]) -> [StepImage] {
        let byID = Dictionary(configs.map { ($0.digest, $0) }) { first, _ in first }
        return links.compactMap { link in byID[link.id].map { StepImage(config: $0, parent: link.parent) } }
    }

    /// Says why no steps are kept: to everybody where somebody has asked for them.
    private func say(_ reason: String, of image: ImageDeclaration) {
        let text = "no steps of \(image.name) are kept: \(reason)"
        if image.origins["steps"] ?? .default == .default { events.detail(text) } else { events.note(text) }
    }

    private func unlessItFails<Result>(_ body: () async throws -> Result?) async throws -> Result? {
        do {
            return try await body()
        } catch let error as CancellationError {
            throw error
        } catch {
            events.detail("no steps are kept: \(error)")
            return nil
        }
    }
}
