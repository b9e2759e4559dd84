import Glibc
import SystemPackage

/// A system call that failed: what was tried, on what, and why.
public struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The verb of the message, such as `open` or `rename`.
    public let operation: String
    /// The object of the message, a path as a rule.
    public let object: String
    /// The system's reason.
    public let errno: Errno
    /// What the message says instead of the system's words; nil for these.
    private let ownReason: String?

    /// Records a failed call, or a check that failed with a reason of its own.
    public init(_ operation: String, _ object: String, _ errno: Errno, reason: String? = nil) {
        self.operation = operation
        self.object = object
        self.errno = errno
        ownReason = reason
    }

    /// Records the call that failed just now on this thread.
    public static func last(_ operation: String, _ object: String) -> SystemError {
        SystemError(operation, object, Errno(rawValue: Glibc.errno))
    }

    /// Why it failed, in words.
    public var reason: String { ownReason ?? errno.description }

    /// `cannot OPERATION OBJECT: REASON`.
    public var description: String {
        "cannot \(operation) \(object): \(reason)"
    }
}

/// Runs a call that answers -1 on failure, again while a signal interrupts it.
@discardableResult
public func checked<Result: SignedInteger>(
    _ operation: String, _ object: @autoclosure () -> String, _ call: () -> Result
) throws(SystemError) -> Result {
    while true {
        let result = call()
        if result != -1 { return result }
        let reason = Errno(rawValue: errno)
        if reason != .interrupted { throw SystemError(operation, object(), reason) }
    }
}
