extension Reason {
    /// Whether podman must build without its own step cache, which misses such changes (rule 44).
    public var distrustsStepCache: Bool {
        switch name {
        case .baseMoved, .baseChanged, .argChanged: true
        default: isReachedByMount
        }
    }
}
