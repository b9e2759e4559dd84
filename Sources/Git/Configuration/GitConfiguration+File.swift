extension GitConfiguration {
    /// Reads the text of one configuration file, such as `.lfsconfig`; includes are not followed.
    public init(parsing bytes: [UInt8], file: String) throws(GitError) {
        let variables = try GitConfigurationParser.parse(bytes, file: file)
        self.init(
            entries: variables.map { Entry(name: $0.name, value: $0.value, scope: .local, origin: nil, line: $0.line) })
    }
}
