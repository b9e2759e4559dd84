/// Addresses as apt is given them: it links to what it finds by `file:`, and copies what it finds by `copy:`.
///
/// Everything that was checked is to stand still, so it is given copies.
enum AptAddress {
    /// The address for apt.
    static func fetched(_ url: String) -> String {
        if url.hasPrefix("file://") { return "copy:" + url.dropFirst("file://".count) }
        return url.hasPrefix("file:") ? "copy:" + url.dropFirst("file:".count) : url
    }

    /// The address as people wrote it, give or take slashes.
    static func shown(_ url: String) -> String {
        url.hasPrefix("copy:") ? "file:" + url.dropFirst("copy:".count) : url
    }
}
