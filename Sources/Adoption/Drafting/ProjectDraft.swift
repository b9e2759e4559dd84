import SystemCalls
import SystemPackage

/// What a configuration of a project can say, as far as its files tell.
public struct ProjectDraft: Sendable {
    let images: [ImageProposal]
    let levels: [LevelProposal]
    /// Dockerfiles that are not declared, since nothing builds them.
    let further: [RelativePath]
    /// Dockerfiles that are none to this program.
    public let unreadable: [RelativePath]
    /// What scripts call engines for, with the command that does it now.
    public let replacements: [String]

    /// Looks at the files of a project.
    ///
    /// - Parameters:
    ///   - files: The project's files.
    ///   - old: The archives of scripts in its cache folder.
    public init(_ files: ProjectFiles, old: [OldEntry]) {
        let (dockerfiles, unreadable) = files.dockerfiles()
        let scripts = ProjectScripts(files)
        let services = files.composeServices()
        let drafting = ImageDrafting(
            files, dockerfiles, builds: scripts.calls.map(\.call), services: services, old: old)
        images = drafting.images
        further = drafting.further
        levels = LevelDrafting(files, images, scripts, services: services).levels
        self.unreadable = unreadable
        replacements = scripts.calls.map(\.call).map { call in
            let command =
                switch call.verb {
                case .build, .save: "cache-image update"
                case .load: "cache-image load"
                case .run: "run-tests"
                }
            return "\(call.file):\(call.line) calls `\(call.verb.rawValue)`: \(command) does that"
        }
    }

    /// Whether there is an image to declare.
    public var isEmpty: Bool { images.isEmpty }

    /// The names of the images.
    public var imageNames: [String] { images.map { "\($0.name):\($0.tag)" } }
}
