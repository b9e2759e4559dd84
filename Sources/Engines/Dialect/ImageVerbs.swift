import JSON
import OCI
import SystemPackage

/// How an engine is spoken to about images.
struct ImageVerbs: Sendable {
    /// Asks what images are.
    var inspect: @Sendable (_ references: [String]) -> [String] = { ["image", "inspect"] + $0 }
    /// Whether it tells of one image at a time.
    var inspectsOneByOne = false
    /// Whether it tells an image's names; else they are those of `list`.
    var tellsNames = true
    /// Reads what it tells of an image, with the config where the store could be read, and the names of `list`.
    var read: @Sendable (_ told: JSONValue, _ config: ImageConfig?, _ names: [String]) -> EngineImage? = {
        told, config, _ in EngineImage(inspected: told, config: config)
    }
    /// Where its service tells the same of an image; nil where the program has to be asked.
    var resource: (@Sendable (_ reference: String) -> String)?
    /// The member of what it tells that is the image's id.
    var idMember = "Id"
    /// Asks where its store's records are: a path that `-images` and `-layers` follow; nil where they cannot be read.
    var storeRecords: [String]?
    /// Whether it does not tell the whole config of an image, so that its store has to.
    var hidesConfig = false
    /// Asks for the folder of its store; nil where that is not told.
    var storeFolder: [String]?
    /// The texts, in lower case, by which it says that an image is not there.
    var absentTexts = ["no such image", "not known"]
    /// Asks whether an image is there: status 0 or 1; nil where nothing but `inspect` tells.
    var exists: (@Sendable (_ reference: String) -> [String])?

    /// Lists all images: ID NAME:TAG.
    var list: [String]
    /// Gives an image a name.
    var tag: @Sendable (_ reference: String, _ name: String) -> [String] = { ["tag", $0, $1] }
    /// Fetches an image.
    var pull: @Sendable (_ reference: String, _ platform: Platform) -> [String] = {
        ["pull", "--quiet", "--platform", $1.description, $0]
    }
    /// Writes a docker-archive to stdout.
    var save: @Sendable (_ reference: String) -> [String] = { ["save", $0] }
    /// Writes a docker-archive of several images to stdout; nil where it writes one at a time.
    var saveTogether: (@Sendable (_ references: [String]) -> [String])?
    /// Writes an image into an OCI layout, but for layers of which there is a file of that name; nil where it does not.
    ///
    /// What it writes it may compress. Not through a service.
    var saveToLayout: (@Sendable (_ reference: String, _ folder: FilePath) -> [String])?
    /// Reads a docker-archive.
    var load = Load.pipe(["load"])
    /// How it is spared the layers that it has.
    var sparing = Sparing.none
    /// Reads several images of a docker-archive that is a file, and none of the layers that it has; not through a service.
    var loadTogether: LoadTogether?
    /// Makes an image of a tar on stdin.
    var importing: @Sendable (_ name: String) -> [String] = { ["import", "-", $0] }
    /// Removes an image, its containers with it.
    var remove: @Sendable (_ reference: String) -> [String] = { ["rmi", "--force", $0] }
    /// Removes an image, unless a container or another image needs it; those below it stay.
    var removeUnused: @Sendable (_ reference: String) -> [String] = { ["rmi", "--no-prune", $0] }

    /// How it gets an archive.
    enum Load: Sendable {
        case pipe([String])
        case file(@Sendable (FilePath) -> [String])
    }

    /// How it gets several images without names.
    enum LoadTogether: Sendable {
        /// All of them.
        case atOnce(@Sendable (FilePath) -> [String])
        /// The one of that number.
        case oneByOne(@Sendable (FilePath, Int) -> [String])
    }

    /// How an engine is spared the layers that it has.
    enum Sparing: Sendable {
        /// It wants them all.
        case none
        /// `load` does without the first layers of an image, where it has another image that begins with them.
        case chain
        /// It reads an archive that is its standard input as it needs it, and no layer that it has below any other;
        /// then it prints the image's id. Not through a service.
        case file([String])
    }
}
