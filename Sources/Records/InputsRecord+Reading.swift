import Git
import Hashing
import JSON
import SystemCalls
import SystemPackage

extension InputsRecord {
    /// How much of a document is read.
    public enum Extent: Sendable {
        /// The members before `platform`: key, image, marks, provenance; what a decision needs.
        case decision
        /// Everything but the files.
        case head
        /// Everything.
        case all
        /// What a decision needs where the record has this key; else everything, since the two have to be compared.
        case comparison(with: SHA256Digest)
    }

    /// Reads a document; nil where there is none.
    ///
    /// A newer `algo`, and a word in `requires` that is not known here, are an `InputsError` of kind `newerAlgorithm`;
    /// an older `algo` is `olderAlgorithm`, Git's conflict markers are `conflictMarkers`, any other form is
    /// `damagedDocument`.
    public static func read(_ path: FilePath, _ extent: Extent = .decision) throws(InputsError) -> InputsRecord? {
        let descriptor: FileDescriptor
        do throws(SystemError) { descriptor = try Files.openPlain(path) } catch {
            if error.errno == .noSuchFileOrDirectory { return nil }
            throw InputsError(error)
        }
        defer { try? descriptor.close() }
        if let size = try? FileStatus.of(descriptor).size, size > InputLimit.record {
            throw InputsError(.damagedDocument, "cannot read \(path): it has more than \(InputLimit.record) bytes")
        }
        var reader = DocumentReader(descriptor, named: path.string)
        do throws(JSONError) {
            return try reader.record(extent)
        } catch {
            if let error = error.source as? SystemError { throw InputsError(error) }
            throw try damage(of: path, reader.record, error)
        }
    }

    /// Reads a document at hand, of another commit for example.
    public static func read(_ bytes: [UInt8], named name: String, _ extent: Extent) throws(InputsError) -> InputsRecord
    {
        var reader = DocumentReader(bytes)
        do throws(JSONError) {
            return try reader.record(extent)
        } catch {
            throw damage(hasMarkers: ConflictMarkers.areIn(bytes), name, reader.record, error)
        }
    }

    private static func damage(
        of path: FilePath, _ record: InputsRecord, _ error: JSONError
    ) throws(InputsError) -> InputsError {
        do throws(SystemError) {
            let descriptor = try Files.openPlain(path)
            defer { try? descriptor.close() }
            return damage(
                hasMarkers: try ConflictMarkers.areIn(descriptor, named: path.string), path.string, record, error)
        } catch { throw InputsError(error) }
    }

    private static func damage(
        hasMarkers: Bool, _ name: String, _ record: InputsRecord, _ error: JSONError
    ) -> InputsError {
        if hasMarkers {
            return InputsError(.conflictMarkers, "cannot read \(name): it holds Git's conflict markers")
        }
        if Algorithm.isNewer(record.algorithm) || !record.unknownRequirements.isEmpty {
            let form = ([record.algorithm] + record.unknownRequirements).joined(separator: ", ")
            return InputsError(
                .newerAlgorithm, "cannot read \(name): it was written by a newer program (\(form))",
                hint: "upgrade cache-image")
        }
        if Algorithm.isOlder(record.algorithm) {
            return InputsError(
                .olderAlgorithm(record.algorithm),
                "cannot read \(name): it was written by an older program (\(record.algorithm))")
        }
        return InputsError(.damagedDocument, "cannot read \(name): not an inputs record (\(error))")
    }
}

extension InputsRecord {
    /// The words of `requires` that this program does not know.
    var unknownRequirements: [String] { requirements.filter { !Self.knownRequirements.contains($0) } }
}

/// The names of key forms, `cache-image-key/N`.
enum Algorithm {
    private static let prefix = "cache-image-key/"

    /// Whether a form is one that only a newer program knows.
    static func isNewer(_ name: String) -> Bool {
        guard let other = version(of: name), let own = version(of: InputsRecord.currentAlgorithm) else {
            return name.hasPrefix(prefix)
        }
        return other > own
    }

    /// Whether a form is one that only an older program makes.
    static func isOlder(_ name: String) -> Bool {
        guard let other = version(of: name), let own = version(of: InputsRecord.currentAlgorithm) else { return false }
        return other < own
    }

    private static func version(of name: String) -> Int? {
        name.hasPrefix(prefix) ? Int(name.dropFirst(prefix.count)) : nil
    }
}
