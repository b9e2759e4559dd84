import Hashing
import JSON
import Patterns
import Records
import SystemCalls
import SystemPackage

/// The ignore file in effect: the first of those that builders look for (rule 24).
package struct IgnoreChoice {
    /// The file; nil where there is none.
    let path: FilePath?
    /// Its bytes.
    let bytes: [UInt8]
    /// The compiled patterns; nil where there are none.
    let matcher: IgnoreMatcher?
    /// Remarks for the user.
    package let warnings: [String]
    /// The files that would come before it, and are not there.
    let missing: [FilePath]

    /// No ignore file: nothing is left out.
    package init() {
        path = nil
        bytes = []
        matcher = nil
        warnings = []
        missing = []
    }

    /// Finds and reads the ignore file of a Dockerfile and context.
    ///
    /// - Parameters:
    ///   - dockerfile: The Dockerfile.
    ///   - context: The context folder.
    ///   - root: The folder that no link among them may leave.
    ///   - show: Names a file in messages.
    package init(
        dockerfile: FilePath, context: FilePath, root: FilePath, show: (FilePath) -> String
    ) throws(InputsError) {
        func read(_ path: FilePath) throws(InputsError) -> [UInt8]? {
            do { return try Files.readLinked(path, below: root, limit: InputLimit.writtenText) } catch {
                throw InputsError(reading: show(path), error)
            }
        }
        let docker = context.appending(".dockerignore")
        let container = context.appending(".containerignore")
        let candidates = [
            dockerfile.withSuffix(".dockerignore"), dockerfile.withSuffix(".containerignore"), docker,
            container,
        ]
        var missing: [FilePath] = []
        for path in candidates {
            guard let bytes = try read(path) else {
                missing.append(path)
                continue
            }
            self.missing = missing
            self.path = path
            self.bytes = bytes
            if let complaint = IgnoreFile.complaint(about: bytes) {
                throw InputsError(.recipe, "cannot read \(show(path)): \(complaint)")
            }
            let patterns = IgnoreFile.patterns(of: bytes)
            if patterns.count > InputLimit.ignorePatterns {
                throw InputsError(
                    .recipe, "cannot read \(show(path)): it has more than \(InputLimit.ignorePatterns) patterns")
            }
            do { matcher = patterns.isEmpty ? nil : try IgnoreMatcher(patterns) } catch {
                throw InputsError(.recipe, "cannot read \(show(path)): \(error.reason)")
            }
            var warnings: [String] = []
            if path == docker, let other = try read(container), IgnoreFile.patterns(of: other) != patterns {
                warnings.append(
                    "\(show(docker)) and \(show(container)) differ; \(show(docker)) is used, podman would use the other"
                )
            }
            self.warnings = warnings
            return
        }
        (path, bytes, matcher, warnings) = (nil, [], nil, [])
        self.missing = missing
    }

    /// The member `ignore` of the document.
    package func json(in root: FilePath) -> JSONValue {
        guard let path else { return .null }
        return [
            "file": .string(ShownPath.of(path, in: root)), "sha256": .string(SHA256Digest(of: bytes).hexadecimal),
        ]
    }
}
