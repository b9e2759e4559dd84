import Git
import JSON
import Records
import SystemCalls

/// What the entry's record lists of submodules, where it was made of the same context and ignore file.
package struct RecordedSubmodules {
    private let request: ImageRequest
    private let ignore: JSONValue
    private let caches: OpenCaches

    /// Reads nothing yet.
    ///
    /// - Parameters:
    ///   - request: The image.
    ///   - ignore: The member `ignore` that a record of the present inputs has.
    ///   - caches: Where the record is.
    package init(_ request: ImageRequest, ignore: JSONValue, caches: OpenCaches) {
        self.request = request
        self.ignore = ignore
        self.caches = caches
    }

    /// The files that count of a submodule at a commit; nil where the record does not tell.
    package func files(of place: RelativePath, at commit: ObjectID) -> [FileRecord]? {
        guard !caches.trustsNothing, let record = caches.record, record.submodules[place] == commit,
            record.ignore.normalized == ignore.normalized, record.contextFiles == request.contextFiles,
            record.context == ShownPath.of(request.context, in: request.root)
        else { return nil }
        return record.files.filter { $0.path != place && $0.path.isInside(place) }
    }
}
