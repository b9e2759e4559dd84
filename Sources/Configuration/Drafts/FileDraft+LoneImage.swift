import SystemCalls
import SystemPackage

extension FileDraft {
    /// The name of the image that needs no configuration; the same in every clone, whatever its folder is called.
    static let loneImage = "app"

    /// Declares the image of the only Dockerfile at the root, where there is no file that could.
    mutating func addLoneImage() {
        // One that lies outside of a repository is not looked for, and is no reason to go without.
        guard file.path == nil, images.isEmpty, !Files.exists(file.root.appending(ConfigurationFile.name)),
            let names = try? Files.names(in: file.root)
        else { return }
        let found = names.map(\.string).filter(Self.isDockerfile)
        guard found.count == 1, let name = found.first else { return }
        var image = ImageDraft(name: Sourced(Self.loneImage, .default), in: place)
        image.dockerfile.text = name
        images.append(image)
    }

    /// Whether a file is called as Dockerfiles are; what says what they ignore is none.
    private static func isDockerfile(_ name: String) -> Bool {
        if name.hasSuffix(".dockerignore") || name.hasSuffix(".containerignore") { return false }
        return ["Dockerfile", "dockerfile", "Containerfile"].contains { kind in
            name == kind || name.hasPrefix("\(kind).") || name.hasSuffix(".\(kind)")
        }
    }
}
