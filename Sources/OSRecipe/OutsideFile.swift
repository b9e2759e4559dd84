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
            let hash = IncrementalHash(.sha256)
            var buffer = [UInt8](repeating: 0, count: 256 << 10)
            while true {
                let count = try Files.read(descriptor, into: &buffer, named: path.string)
                if count == 0 { break }
                buffer[..<count].withUnsafeBytes { hash.update($0) }
            }
            digest = SHA256Digest(finishing: hash)
        } catch {
            throw InputsError(
                .recipe, "cannot use \(path) (\(place)): \(error.reason)",
                hint: error.errno == .noSuchFileOrDirectory ? "install the package that brings the file" : nil)
        }
    }
}
