import Hashing
import JSON
import SystemCalls

extension OSTemplate {
    /// The digest of all that the template decides: `canonical`, and the bytes of every local file, read piece by piece.
    ///
    /// Repositories of this machine do not count: the packages that come from them do, in the lock file.
    ///
    /// - Throws: An error that names a local file which cannot be read any more.
    public func specificationDigest() throws(TemplateError) -> SHA256Digest {
        let hash = IncrementalHash(.sha256)
        hash.update("template\0")
        hash.update(canonical.text)
        for file in localFiles {
            do throws(SystemError) {
                let (digest, size) = try SHA256Digest.ofFile(file)
                let isExecutable = try FileStatus.of(file)?.isExecutable == true
                hash.update("\0\(digest.hexadecimal) \(size) \(isExecutable ? "x" : "-")")
            } catch {
                throw TemplateError(
                    .init(
                        file: file.string, line: 0, Printable.escaped(error.reason),
                        hint: "it is named by \(Printable.escaped(path.string))", verb: "read"))
            }
        }
        return SHA256Digest(finishing: hash)
    }
}
