import Hashing
import Records
import SystemCalls
import SystemPackage

/// A file of this machine that a template names by its absolute path, such as a keyring: it counts by its content.
struct OutsideFile: Hashable, Sendable {
    /// The absolute path.
    let path: FilePath
    /// The SHA-256 of its content.
    let digest: SHA256Digest

    /// Reads the file piece by piece, links followed as the system has them.
    init(_ path: FilePath, place: String) throws(InputsError) {
        self.path = path
        do throws(SystemError) {
            let descriptor = try Files.openRegular(path)
            defer { try? descriptor.close() }
            digest = try SHA256Digest.ofRest(of: descriptor, named: path.string).digest
        } catch {
            throw InputsError(
                .recipe, "cannot use \(path) (\(place)): \(error.reason)",
                hint: error.errno == .noSuchFileOrDirectory ? "install the package that brings the file" : nil)
        }
    }
}
