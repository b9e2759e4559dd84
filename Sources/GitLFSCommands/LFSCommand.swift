import ArgumentParser
import CommandSession

/// `cache-image lfs`: the verbs of git-lfs, with its arguments, output and exit codes.
public struct LFSCommand: ParsableCommand {
    /// The group's name, help and verbs.
    public static let configuration = CommandConfiguration(
        commandName: "lfs", abstract: "Git LFS without git-lfs: the same verbs, arguments and output.",
        discussion: "A script named git-lfs that runs `cache-image lfs \"$@\"` serves Git and other scripts.",
        version: LFSVersionCommand.text,
        subcommands: [
            LFSInstallCommand.self, LFSUninstallCommand.self, LFSUpdateCommand.self, LFSTrackCommand.self,
            LFSUntrackCommand.self, LFSPointerCommand.self, LFSCleanCommand.self, LFSSmudgeCommand.self,
            LFSFilterProcessCommand.self, LFSMergeCommand.self, LFSMergeDriverCommand.self,
            LFSListFilesCommand.self, LFSStatusCommand.self, LFSCheckoutCommand.self,
            LFSFetchCommand.self, LFSPullCommand.self, LFSPushCommand.self, LFSPrePushCommand.self,
            LFSPostCheckoutCommand.self, LFSPostCommitCommand.self, LFSPostMergeCommand.self,
            LFSLockCommand.self, LFSUnlockCommand.self, LFSLocksCommand.self, LFSPruneCommand.self, LFSFsckCommand.self,
            LFSCacheKeyCommand.self, LFSEnvironmentCommand.self,
            LFSExtensionsCommand.self, LFSLogsCommand.self, LFSVersionCommand.self,
        ])

    /// What the program must know of the group.
    public static let guest = GuestGroup(
        name: "lfs",
        pathVerbs: [
            "checkout", "clean", "fetch", "ls-files", "merge", "lock", "locks", "merge-driver", "pointer", "pre-push",
            "pull", "push",
            "smudge", "track", "unlock", "untrack",
        ],
        normalised: { LFSUsage.normalised($0) }, complaint: { LFSUsage.complaint(about: $0, $1) })

    /// For the argument parser.
    public init() {}
}
