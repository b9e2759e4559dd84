extension Reason {
    /// Whether podman must build without its own step cache, which misses such changes (rule 44).
    ///
    /// Of arguments and mounts the Dockerfile tells it that it gets.
    public var distrustsStepCache: Bool { name == .baseMoved || name == .baseChanged }
}
