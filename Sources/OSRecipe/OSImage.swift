import Context
import Hashing
import SystemCalls

/// An image of an operating system that a template describes: its inputs, and what a build needs beside them.
public struct OSImage: Sendable {
    /// What decides the image.
    public let inputs: ImageInputs
    /// What the template asks of this machine that somebody has to trust.
    public let wishes: [TemplateWish]
    /// The template's path below the root.
    let template: RelativePath
    /// Files of this machine that count.
    let outside: [OutsideFile]

    /// Whether a lock file says which packages are installed.
    public var isLocked: Bool { inputs.record.template["lock"]?.string != nil }

    var request: ImageRequest { inputs.request }

    /// The lock file's path below the root.
    var lock: RelativePath { PackageLock.path(for: template) }
}
