import SystemPackage

/// `lfs merge`: the driver for rules with `merge=lfs`, which git-lfs writes.
///
/// Git runs it before the merged tree is known, so it cannot choose; it keeps our file whole and leaves the conflict.
enum MergeVerb {
    /// Leaves our file as it is; the exit status tells Git that the path is in conflict.
    static func run(path: String?, say: (String) -> Void) -> Int32 {
        say("CONFLICT (lfs): \(path ?? "a file") was changed on both sides; ours is kept whole")
        say("hint: cache-image update takes the side that fits the merged files; or git checkout --theirs")
        return 1
    }
}
