import Configuration

extension Failure {
    /// A configuration, flag or variable that cannot be used: exit code 2.
    public init(_ error: ConfigurationError) {
        self.init(.usage, error.description, hint: error.hint)
    }
}
