import Glibc

/// The environment variables of this process.
public enum ProcessEnvironment {
    /// All variables, read once at first use; a value keeps its bytes (`String(keeping:)`), since it may be a path.
    public static let current: [String: String] = {
        var variables: [String: String] = [:]
        var next = environ
        while let entry = next.pointee {
            let text = String(
                keeping: UnsafeRawBufferPointer(start: entry, count: strlen(entry)))
            if let equals = text.firstIndex(of: "=") {
                variables[String(text[..<equals])] = String(text[text.index(after: equals)...])
            }
            next += 1
        }
        return variables
    }()
}
