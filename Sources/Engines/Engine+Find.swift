import Glibc
import SystemPackage

extension Engine {
    /// Finds the engine: the preferred one, else the first of podman, docker, buildah whose program is on PATH.
    ///
    /// - Parameters:
    ///   - preferred: the engine that a flag, the environment or the configuration names; nil to look for one.
    ///   - environment: the environment in which it runs; its PATH is searched.
    ///   - notesFile: a file that remembers what was found out about this machine.
    ///   - note: told what was done to suit this machine.
    public static func find(
        preferred: Kind?, environment: [String: String], notesFile: FilePath? = nil,
        note: @escaping @Sendable (String) -> Void = { _ in }
    ) throws(EngineError) -> Engine {
        let kinds = preferred.map { [$0] } ?? Kind.allCases
        for kind in kinds {
            guard let executable = program(kind.rawValue, environment: environment) else { continue }
            return Engine(
                kind: kind, executable: executable, environment: environment, notesFile: notesFile, note: note)
        }
        let names = kinds.map(\.rawValue).joined(separator: ", ")
        throw EngineError(.notFound, "cannot find a container engine: no \(names) on PATH")
    }

    /// The absolute path of a program on PATH.
    static func program(_ name: String, environment: [String: String]) -> FilePath? {
        for folder in (environment["PATH"] ?? standardPath).split(separator: ":") {
            let path = FilePath(String(folder)).appending(name)
            if path.isAbsolute, path.withPlatformString({ access($0, X_OK) }) == 0 { return path }
        }
        return nil
    }
}
