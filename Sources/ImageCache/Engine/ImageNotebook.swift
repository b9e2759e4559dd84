import Engines
import Hashing
import OCI

/// What is remembered about images: the keys that they were made for, and what engines call them.
///
/// Notes are a help: without a folder for them there are none.
struct ImageNotebook {
    let places: StatePlaces

    /// What the engine called an image when it was loaded or made.
    func engineID(of imageID: SHA256Digest, in engine: Engine) -> SHA256Digest? {
        EngineNotes(places.notes).engineID(ofImage: imageID, in: engine.name)
    }

    /// The keys that the engine's image was made or saved for, the newest last.
    func keys(of image: EngineImage) -> [SHA256Digest] {
        let notes = EngineNotes(places.notes)
        return notes.keys(ofEngineID: image.digest) + (image.configDigest.map { notes.keys(ofImage: $0) } ?? [])
    }

    /// The keys that an image was made or saved for, by both of its names.
    func keys(ofImage imageID: SHA256Digest, engineID: SHA256Digest) -> [SHA256Digest] {
        let notes = EngineNotes(places.notes)
        return notes.keys(ofEngineID: engineID) + notes.keys(ofImage: imageID)
    }

    /// The images that this clone built, saved or loaded, the oldest first.
    func images(in engine: Engine) -> [(engineID: SHA256Digest, imageID: SHA256Digest)] {
        EngineNotes(places.notes).images(in: engine.name)
    }

    /// Whether a clone of this user built, saved or loaded an image on this machine.
    func isOurs(_ image: EngineImage, in engine: Engine) -> Bool {
        [places.notes, places.machineNotes].contains { EngineNotes($0).knows(image.digest, in: engine.name) }
    }

    /// Remembers which key an image stands for, and what the engine calls it.
    func note(image imageID: SHA256Digest, engineID: SHA256Digest, in engine: Engine, key: SHA256Digest?) {
        _ = try? places.prepare()
        var notes = EngineNotes(places.notes)
        if let key {
            notes.note(image: imageID, key: key)
            // Docker's containerd store tells its own name of an image, not the config's digest.
            if engineID != imageID { notes.note(engineID: engineID, key: key) }
        }
        notes.note(image: imageID, engineID: engineID, engine: engine.name)
        places.permission.creating { notes.save() }
        var all = EngineNotes(places.machineNotes)
        all.note(image: imageID, engineID: engineID, engine: engine.name)
        all.save()
    }
}
