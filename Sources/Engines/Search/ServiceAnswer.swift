import Glibc
import SystemCalls
import SystemPackage

/// What an engine's service answers at its socket, asked over HTTP without the engine's program.
struct ServiceAnswer: Sendable {
    /// The status of the answer, such as 200.
    let status: Int
    /// What follows the header.
    let body: [UInt8]

    /// The longest answer that is read.
    private static let limit = 64 << 20

    /// Asks a service for a resource; nil where it gives no whole answer, or not in time: its program tells why.
    ///
    /// The answer ends with the connection: version 1.0 knows no pieces. It blocks its thread.
    ///
    /// - Parameters:
    ///   - target: The resource, in the form of an address: `/images/NAME/json`.
    ///   - socket: Where the service listens.
    ///   - patience: How long it may say nothing; six times as long for all of it.
    init?(to target: String, at socket: FilePath, patience: Duration) {
        let seconds = Int(patience.components.seconds)
        guard let descriptor = try? UnixSocket.connected(socket, patience: seconds) else { return nil }
        defer { close(descriptor) }
        let end = ContinuousClock.now.advanced(by: patience * 6)
        let request = Array("GET \(target) HTTP/1.0\r\nHost: localhost\r\n\r\n".utf8)
        guard send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else {
            return nil
        }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while answer.count <= Self.limit {
            if ContinuousClock.now > end { return nil }
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count < 0, errno == EINTR { continue }
            if count < 0 { return nil }
            if count == 0 { break }
            answer += buffer[..<count]
        }
        self.init(answer)
    }

    /// Takes an answer apart; nil where it is none of HTTP, or less than it says.
    init?(_ answer: [UInt8]) {
        var lines = answer[...]
        /// The next line of the header, without its end; nil where there is none.
        func line() -> String? {
            guard let end = lines.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
            defer { lines = lines[(end + 1)...] }
            return String(decoding: lines[..<end], as: UTF8.self).trimmed
        }
        guard let first = line(), first.hasPrefix("HTTP/1."), answer.count <= Self.limit,
            let status = first.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { return nil }
        var length: Int?
        while true {
            guard let field = line() else { return nil }
            if field.isEmpty { break }
            let words = field.split(separator: ":", maxSplits: 1)
            guard words.count == 2 else { return nil }
            switch words[0].lowercased() {
            case "content-length": length = Int(String(words[1]).trimmed)
            case "transfer-encoding": return nil
            default: break
            }
        }
        if let length, length != lines.count { return nil }
        self.status = status
        body = Array(lines)
    }
}
