extension ImageArchive {
    /// The names that the archive gives its images; only what lists them is read.
    public func names() throws(ArchiveError) -> [String] {
        try withIndex(spool: nil, mustBePlain: true) { index in try index.images().flatMap(\.names) }
    }
}
