import SystemCalls
import SystemPackage

/// What belongs to a project: the work tree without its Git folder, else the folder of the configuration.
struct TrustBounds: Sendable {
    /// The folder that relative paths are seen from.
    let root: FilePath
    /// The folder that must not be left.
    let boundary: FilePath

    /// The path as it was written, where it leads out of the project or into a Git folder, links followed; else nil.
    func complaint(aboutPath text: String) -> String? {
        let path = root.pushing(FilePath(text)).lexicallyNormalized()
        return isOutside(path) ? "\(text), which is not of this work tree" : nil
    }

    /// Whether a path leads out of the project or into a Git folder, links followed.
    func isOutside(_ path: FilePath) -> Bool {
        guard let real = (try? Files.resolved(path, below: boundary)) ?? nil else { return true }
        return real.isInGitFolder(below: boundary)
    }

    /// What a mount gives away; nil where it is a file or folder of the project.
    func complaint(about mount: Mount) -> String? {
        switch mount.source {
        case .volume(let name): return "the volume \(name), which may be another project's"
        case .path(let path):
            if isOutside(path) { return "\(mount.written.prefix { $0 != ":" }), which is not of this work tree" }
        }
        // Such as `upperdir=/home`, which is written to.
        return mount.options.first { $0.contains("=") }.map { "a mount with \($0)" }
    }

    /// Whether a network is this machine's, or that of another container.
    static func isShared(_ network: String) -> Bool {
        network == "host" || network.contains(":")
    }
}
