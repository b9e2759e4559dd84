import Testing

extension Sandbox {
    /// The number of a process that has ended.
    public func deadProcess() async throws -> Int32 {
        let digits = try await run("sh", ["-c", "echo $$"]).check().output.filter(\.isNumber)
        return try #require(Int32(digits))
    }
}
