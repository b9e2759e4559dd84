import Programs

/// A program of this machine that a build needs.
public struct HostTool: Hashable, Sendable {
    /// Its name on PATH.
    public let name: String
    /// The Debian package that brings it.
    public let package: String

    /// Names a program.
    public init(_ name: String, package: String) {
        self.name = name
        self.package = package
    }

    /// Those of the tools that are not on PATH.
    public static func missing(of tools: [HostTool], environment: [String: String]) -> [HostTool] {
        tools.filter { ProgramSearch.find($0.name, environment: environment) == nil }
    }
}
