import HTTP
import JSON

/// Asks the server what to do with objects (`POST objects/batch`).
struct BatchClient: Sendable {
    /// The most objects that one request names.
    static let limit = 100

    let api: APIClient
    let operation: TransferOperation
    /// The full name of the branch; nil (and left out) when HEAD is detached.
    let ref: String?

    /// Asks about any number of objects; requests of the server's liking are made of them.
    func ask(_ objects: [TransferObject]) async throws -> [BatchAnswer] {
        var answers: [BatchAnswer] = []
        var rest = objects[...]
        var size = Self.limit
        while !rest.isEmpty {
            let chunk = rest.prefix(size)
            guard let found = try await askOnce(Array(chunk)) else {
                size = max(1, chunk.count / 2)
                continue
            }
            answers += found
            rest = rest.dropFirst(chunk.count)
        }
        return answers
    }

    /// One request; nil where the server takes only a smaller one.
    private func askOnce(_ objects: [TransferObject]) async throws -> [BatchAnswer]? {
        let start = api.retry.now()
        let response = try await api.send("POST", "objects/batch", body(objects))
        if response.status == 413 && objects.count > 1 { return nil }
        guard response.isSuccess else { throw failure(response, objects) }
        return try BatchAnswer.read(
            response.body, from: "\(api.endpoint)", to: objects, operation, requestedAt: start,
            address: { api.address($0, for: operation) }, shown: withoutSecrets)
    }

    /// An object of the answer; its error may say the endpoint's own login or query again.
    private func withoutSecrets(_ value: JSONValue) -> JSONValue {
        guard let url = api.endpoint.httpURL, let members = value.members else { return value }
        return .object(
            members.map { member in
                member.name == "error" ? .init("error", member.value.mapStrings(url.hidingSecrets)) : member
            })
    }

    /// The request's document; keys without a value are left out, since some servers refuse null and empty ones.
    private func body(_ objects: [TransferObject]) -> JSONValue {
        var members: [JSONValue.Member] = [.init("operation", .string(operation.rawValue))]
        members.append(
            .init(
                "objects",
                .array(
                    objects.map { ["oid": .string($0.oid.hexadecimal), "size": .integer($0.pointer.size.bytes)] })))
        if let ref { members.append(.init("ref", ["name": .string(ref)])) }
        members.append(.init("hash_algo", "sha256"))
        return .object(members)
    }

    /// The error for a batch that was refused as a whole.
    private func failure(_ response: Response, _ objects: [TransferObject]) -> any Error {
        let said = ServerFailure.message(response)
        let verb = operation == .download ? "fetch" : "push"
        if response.status == 404 && !Self.speaksOfObjects(response, said) {
            return LFSError(
                .configuration, "ask", "the LFS server \(api.endpoint)",
                "it does not know the repository (404)" + (said.isEmpty ? "" : ": \(said)"),
                hint: "git lfs env and git config lfs.url say which server is asked; a private one may hide behind 404")
        }
        if response.status == 422 && objects.count == 1, ServerFailure.kind(422, said) == .failed {
            return LFSError(.missing, verb, objects[0].name, "the server refuses it (422): \(said)")
        }
        let name = objects.count == 1 ? objects[0].name : "\(objects.count) LFS objects"
        return ServerFailure.error(response, verb, name, now: api.retry.now())
    }

    /// Whether a 404 is about the objects (some servers answer so when all are missing) and not about the repository.
    private static func speaksOfObjects(_ response: Response, _ said: String) -> Bool {
        said.lowercased().contains("object")
    }
}
