import Configuration
import Context
import OCI
import Recipes
import Records
import SystemPackage

/// How one entry stands to the present inputs, with what was looked at.
public struct EntryInspection {
    /// The image.
    public let image: ImageDeclaration
    /// The entry's places.
    public let paths: EntryPaths
    /// How the image is made.
    public let recipe: any Recipe
    /// The state: the first that applies.
    public let state: EntryState
    /// Why the entry is not up to date; empty for a usable one.
    public let reasons: [Reason]
    /// The record, where the entry has a sound one: its first part, or all of it where it has another key.
    public let recorded: InputsRecord?
    /// What stands for the archive.
    let archive: ArchiveForm

    /// What stands for the archive in the work tree: `archive`, `pointer` or `nothing`.
    public var archiveForm: String {
        switch archive {
        case .file: "archive"
        case .pointer: "pointer"
        case .nothing, .unusable: "nothing"
        }
    }

    /// The present inputs.
    public var inputs: ImageInputs { recipe.inputs }

    /// Whether the record says that it was made of the present inputs.
    var hasPresentKey: Bool { recorded?.key == inputs.key }
}

extension Reason.Name {
    /// Whether it is about the entry's files, not about the inputs.
    var isAboutEntry: Bool {
        switch self {
        case .entryMissing, .archiveMissing, .archiveSize, .archiveUnusable, .recordMissing, .sidecarMissing,
            .sidecarMismatch,
            .conflictMarkers, .pointerMismatch:
            true
        default: false
        }
    }
}
