import SystemCalls
import SystemPackage

extension ImageDraft {
    /// Looks for the Dockerfile where nobody names one: as the engines do, also in small letters and as a Containerfile, and in
    /// the context's folder; what is called `Dockerfile` goes first.
    ///
    /// One that Git tracks and the checkout leaves out is found too: the recipe refuses it, and no other takes its place.
    mutating func findDockerfile(isLeftOut: (FilePath) -> Bool) {
        guard origin("dockerfile") == .default, !Files.exists(dockerfile.absolute) else { return }
        var folders = [dockerfile.absolute.removingLastComponent()]
        if context.absolute != folders[0] { folders.append(context.absolute) }
        for folder in folders {
            for name in ["Dockerfile", "dockerfile", "Containerfile"] {
                let path = folder.appending(name)
                guard Files.exists(path) || isLeftOut(path) else { continue }
                dockerfile.text = ConfigurationFile.relative(path, to: dockerfile.base)
                return
            }
        }
    }
}
