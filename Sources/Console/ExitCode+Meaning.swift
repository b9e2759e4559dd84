extension ExitCode {
    /// What it means, for the documentation.
    package var meaning: String {
        switch self {
        case .done: "Done."
        case .failed: "Failed."
        case .usage:
            """
            Usage, configuration, something that is not trusted, an image that is not declared, a Dockerfile that cannot \
            be used, a record of a newer version, a missing system library.
            """
        case .stale: "An entry is stale or missing (update --check, status --exit-code, load)."
        case .corrupt: "An entry is corrupt."
        case .objectUnavailable:
            "An LFS object is neither here nor on the server, or it is not here and the network is not to be used."
        case .authentication: "The server wants a login, or refuses the one it got."
        case .quota: "A quota of the server or a size limit of ours is exceeded."
        case .network: "The network or the server failed."
        case .notStaged: "Saved but not staged; the rule that is in the way is named."
        case .notARepository: "The folder is in no Git repository, and the command needs one."
        case .locked: "Another command did not release the lock within --lock-timeout."
        case .noEngine: "There is no container engine, or none answers."
        case .buildFailed: "The build failed."
        case .timedOut: "run-tests: a level took longer than its timeout, and was ended."
        case .runTests: "run-tests itself failed; any other status of run-tests is that of the test command."
        case .interrupted: "Ended by signal 2 (Ctrl-C)."
        case .terminated: "Ended by signal 15."
        }
    }
}
