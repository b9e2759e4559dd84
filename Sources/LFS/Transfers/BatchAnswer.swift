import HTTP
import Hashing
import JSON
import SystemCalls

/// What the server says to one object of a batch.
public struct BatchAnswer: Sendable {
    /// A request that the server asks for.
    struct Action: Sendable {
        let url: RequestURL
        let headers: HeaderFields
        let expiry: Expiry
        /// The body is to be sent in chunks.
        let isChunked: Bool
    }

    let object: TransferObject
    var download: Action?
    var upload: Action?
    var verify: Action?
    /// Only the action's own header fields prove who asks.
    var isAuthenticated = false
    var error: LFSError?

    init(_ object: TransferObject) {
        self.object = object
    }

    /// Reads one element of `objects`.
    ///
    /// - Parameters:
    ///   - object: The object that was asked about.
    ///   - value: The element.
    ///   - operation: What was asked for.
    ///   - now: When it was asked, in seconds since 1970.
    ///   - address: The address to use in place of one that the server names.
    init(
        _ object: TransferObject, _ value: JSONValue, _ operation: TransferOperation, requestedAt now: Int64,
        address: (String) -> String = { $0 }
    ) throws {
        self.object = object
        isAuthenticated = value["authenticated"]?.bool ?? false
        if let failure = value["error"], failure.members != nil {
            error = ServerFailure.error(
                status: Int(failure["code"]?.integer ?? 0), message: failure["message"]?.string ?? "", for: object,
                operation)
            return
        }
        if let size = value["size"]?.integer, Size(size) != object.pointer.size {
            error = LFSError(
                .failed, operation == .download ? "fetch" : "push", object.name,
                "the server says \(size) bytes, the pointer \(object.pointer.size)")
            return
        }
        let actions = value["actions"]?.members == nil ? value["_links"] : value["actions"]
        download = try actions?["download"].flatMap { try Self.action($0, now, address) }
        upload = try actions?["upload"].flatMap { try Self.action($0, now, address) }
        verify = try actions?["verify"].flatMap { try Self.action($0, now, address) }
    }

    private static func action(
        _ value: JSONValue, _ now: Int64, _ address: (String) -> String
    ) throws -> Action? {
        guard let href = value["href"]?.string else { return nil }
        var headers = HeaderFields()
        var isChunked = false
        for member in value["header"]?.members ?? [] {
            guard let text = member.value.string else { continue }
            switch member.name.lowercased() {
            case "content-length", "host": break
            case "transfer-encoding": isChunked = text.lowercased() == "chunked"
            default: try headers.append(member.name, text)
            }
        }
        return Action(
            url: try RequestURL(address(href)), headers: headers, expiry: Expiry(value, requestedAt: now),
            isChunked: isChunked)
    }
}
