import Glibc
import Programs
import SystemCalls
import SystemPackage
import YAML

extension ConfigurationFile {
    /// The file's bytes; nil where there is no file.
    ///
    /// A link is followed inside the work tree only. The file must belong to the caller, to root or to the owner of the
    /// work tree, since it says which programs run.
    func read(environment: [String: String]) throws(ConfigurationError) -> [UInt8]? {
        guard let path else { return nil }
        do throws(SystemError) {
            let descriptor = try Files.openLinked(path, below: repository)
            defer { try? descriptor.close() }
            try checkOwner(of: [try FileStatus.of(path), try FileStatus.of(descriptor)], environment: environment)
            return try Files.readAll(descriptor, named: displayName, limit: YAMLDocument.maximumBytes)
        } catch {
            throw ConfigurationError(
                "cannot read \(displayName): \(error.reason)",
                hint: error.errno == .notPermitted
                    ? "read it, then make it yours: sudo chown $(id -u) \(ShellWord.shown(path))" : nil)
        }
    }

    /// Refuses a file, or a link to one, of somebody whose configuration the caller did not ask for.
    private func checkOwner(
        of files: [FileStatus?], environment: [String: String]
    ) throws(SystemError) {
        let user = geteuid()
        var accepted: Set<UInt32> = [0, user]
        if user == 0, let caller = environment["SUDO_UID"].flatMap({ UInt32($0) }) { accepted.insert(caller) }
        if let repository, let owner = try FileStatus.of(repository)?.owner { accepted.insert(owner) }
        for file in files.compactMap(\.self) where !accepted.contains(file.owner) {
            let others = repository == nil ? "you nor to root" : "you, to root nor to the owner of the work tree"
            throw SystemError(
                "read", displayName, .notPermitted,
                reason: "it belongs to user \(file.owner), neither to \(others)")
        }
    }
}
