import JSON

/// One thing that makes a recorded key differ from the present one (rule 54).
public struct Reason: Hashable, Sendable {
    /// The names of reasons.
    public enum Name: String, Hashable, Sendable, CaseIterable {
        case keyRulesChanged = "key-rules-changed"
        case recipeChanged = "recipe-changed"
        case platformChanged = "platform-changed"
        case targetChanged = "target-changed"
        case frontendChanged = "frontend-changed"
        case baseAdded = "base-added"
        case baseRemoved = "base-removed"
        case baseMoved = "base-moved"
        case baseChanged = "base-changed"
        case remoteChanged = "remote-changed"
        case argChanged = "arg-changed"
        case instructionAdded = "instruction-added"
        case instructionRemoved = "instruction-removed"
        case instructionChanged = "instruction-changed"
        case configChanged = "config-changed"
        case templateChanged = "template-changed"
        case packageAdded = "package-added"
        case packageRemoved = "package-removed"
        case packageChanged = "package-changed"
        case fileAdded = "file-added"
        case fileRemoved = "file-removed"
        case fileRenamed = "file-renamed"
        case fileContentChanged = "file-content-changed"
        case fileModeChanged = "file-mode-changed"
        case fileTypeChanged = "file-type-changed"
        case fileLinkChanged = "file-link-changed"
        case fileEOLOnly = "file-eol-only"
        case fileEnteredByIgnore = "file-entered-by-ignore"
        case fileLeftByIgnore = "file-left-by-ignore"
        case labelChanged = "label-changed"
        case extraChanged = "extra-changed"
        case saltChanged = "salt-changed"
        case entryMissing = "entry-missing"
        case archiveMissing = "archive-missing"
        case archiveSize = "archive-size"
        case archiveUnusable = "archive-unusable"
        case recordMissing = "record-missing"
        case sidecarMissing = "sidecar-missing"
        case sidecarMismatch = "sidecar-mismatch"
        case conflictMarkers = "conflict-markers"
        case pointerMismatch = "pointer-mismatch"
    }

    /// An instruction that reaches a changed file.
    public struct Instruction: Hashable, Sendable {
        /// The joined line, before expansion.
        public var text: String
        /// The Dockerfile, relative to the root.
        public var file: String
        /// Its first line.
        public var line: Int

        /// Names an instruction.
        public init(text: String, file: String, line: Int) {
            self.text = text
            self.file = file
            self.line = line
        }
    }

    /// What happened.
    public var name: Name
    /// The file; for a renamed one its new path.
    public var path: String?
    /// What changed where it is no file: an argument, a reference, a field.
    public var subject: String?
    /// The line of the Dockerfile.
    public var line: Int?
    /// The value on record.
    public var old: String?
    /// The value now.
    public var new: String?
    /// The lines from which an argument is seen.
    public var lines: [Int] = []
    /// The instructions that reach the file.
    public var instructions: [Instruction] = []
    /// The Dockerfile, relative to the root.
    public var dockerfile: String?

    /// Makes a reason.
    public init(
        _ name: Name, path: String? = nil, subject: String? = nil, line: Int? = nil, old: String? = nil,
        new: String? = nil
    ) {
        self.name = name
        self.path = path
        self.subject = subject
        self.line = line
        self.old = old
        self.new = new
    }
}
