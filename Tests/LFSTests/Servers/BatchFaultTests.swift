import JSON
import LFS
import TestSupport
import Testing

/// What servers answer to batch requests and at their storage, and the class of error that it makes.
@Suite(.enabled(if: ScriptServer.isAvailable))
struct BatchFaultTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let behaviour: JSONValue
        let kind: LFSError.Kind?
        var batches = 1
        var transfers = 0
        var testDescription: String { behaviour.text }
    }

    @Test(arguments: [
        Case(behaviour: ["batch_status": 403], kind: .authentication),
        Case(behaviour: ["batch_status": 401], kind: .authentication),
        Case(behaviour: ["batch_status": 406], kind: .failed),
        Case(behaviour: ["batch_status": 410], kind: .missing),
        Case(behaviour: ["batch_status": 413], kind: .quota),
        Case(behaviour: ["batch_status": 422, "batch_message": "nothing valid"], kind: .missing),
        Case(behaviour: ["batch_status": 500], kind: .network, batches: 8),
        Case(behaviour: ["batch_status": 500, "batch_status_times": 2], kind: nil, batches: 3, transfers: 1),
        Case(behaviour: ["batch_status": 501], kind: .failed),
        Case(behaviour: ["batch_status": 507], kind: .quota),
        Case(behaviour: ["batch_status": 509], kind: .quota),
        Case(
            behaviour: ["batch_status": 403, "batch_message": "This repository exceeded its LFS budget."], kind: .quota),
        Case(behaviour: ["batch_status": 429, "batch_message": "repository is over its data quota"], kind: .quota),
        Case(behaviour: ["batch_status": 429, "batch_status_times": 1], kind: nil, batches: 2, transfers: 1),
        Case(behaviour: ["raw": "<html>"], kind: .network),
        Case(behaviour: ["raw": "{}"], kind: .network),
        Case(behaviour: ["transfer": "tus"], kind: .network),
        Case(behaviour: ["transfer": "basic", "hash_algo": "sha256"], kind: nil, transfers: 1),
        Case(behaviour: ["hash_algo": "sha512"], kind: .network),
        Case(behaviour: ["unknown_oid": true], kind: .network),
        Case(behaviour: ["silent": true], kind: .missing),
        Case(behaviour: ["size_lie": 1], kind: .failed),
        Case(behaviour: ["links": true], kind: nil, transfers: 1),
        Case(behaviour: ["object_error": ["code": 403, "message": "no"]], kind: .authentication),
        Case(behaviour: ["object_error": ["code": 404, "message": "gone"]], kind: .missing),
        Case(behaviour: ["object_error": ["code": 410, "message": "gone"]], kind: .missing),
        Case(behaviour: ["object_error": ["code": 422, "message": "bad"]], kind: .failed),
        Case(behaviour: ["object_error": ["code": 500, "message": "bad"]], kind: .network),
        Case(
            behaviour: [
                "object_error": ["code": 422, "message": "Size must be less than or equal to 2147483648"]
            ], kind: .quota),
        Case(behaviour: ["storage_status": 404], kind: .missing, transfers: 1),
        Case(behaviour: ["storage_status": 410], kind: .missing, transfers: 1),
        Case(behaviour: ["storage_status": 422], kind: .failed, transfers: 1),
        Case(behaviour: ["storage_status": 500], kind: .network, transfers: 8),
        Case(behaviour: ["storage_status": 503, "storage_status_times": 3], kind: nil, transfers: 4),
        Case(behaviour: ["storage_status": 403], kind: .authentication, batches: 3, transfers: 3),
        Case(behaviour: ["storage_status": 403, "storage_status_times": 1], kind: nil, batches: 2, transfers: 2),
        Case(behaviour: ["storage_status": 509], kind: .quota, transfers: 1),
        Case(behaviour: ["expires_in": -5], kind: .network, batches: 3),
        Case(behaviour: ["expires_in": -5, "expires_in_times": 1], kind: nil, batches: 2, transfers: 1),
        Case(behaviour: ["expires_in": 900, "expires_at": "2016-11-10T15:29:07Z"], kind: nil, transfers: 1),
        Case(
            behaviour: ["expires_at": "2016-11-10T15:29:07Z", "expires_at_times": 1], kind: nil, batches: 2,
            transfers: 1),
        Case(behaviour: ["expires_at": "0001-01-01T00:00:00Z"], kind: nil, transfers: 1),
    ])
    func everyAnswerHasItsClass(_ item: Case) async throws {
        try await FaultServer.with { fixture in
            let wanted = try await fixture.add("an image")
            try await fixture.behave(item.behaviour)
            let outcome = try await fixture.client().outcomes(ofFetching: [wanted]).first
            #expect(outcome?.error?.kind == item.kind, "\(outcome?.error?.description ?? "no error")")
            #expect(try fixture.batches.count == item.batches)
            #expect(try fixture.transfers.count == item.transfers)
            #expect(outcome?.error?.description.contains("secret") != true)
        }
    }

    @Test func theServersWaitIsObeyed() async throws {
        try await FaultServer.with { fixture in
            let wanted = try await fixture.add("an image")
            try await fixture.behave([
                "batch_status": 429, "batch_status_times": 2, "batch_headers": ["Retry-After": "17"],
            ])
            try await fixture.client().fetch([wanted])
            #expect(fixture.waits.values == [.seconds(17), .seconds(17)])
            try await fixture.behave([
                "batch_status": 429, "batch_status_times": 1, "batch_headers": ["Retry-After": "7200"],
            ])
            try await fixture.client().fetch([try await fixture.add("another")])
            #expect(fixture.waits.values.last == .seconds(300))
        }
    }

    @Test func aQuotaMakesOneRequest() async throws {
        try await FaultServer.with { fixture in
            var objects: [TransferObject] = []
            for number in 0..<150 { objects.append(try await fixture.add("object \(number)")) }
            try await fixture.behave(["batch_status": 403, "batch_message": "This repository exceeded its LFS budget."])
            let outcomes = try await fixture.client().outcomes(ofFetching: objects)
            #expect(outcomes.count == 150)
            #expect(outcomes.allSatisfy { $0.error?.kind == .quota && $0.error?.hint != nil })
            #expect(try fixture.batches.count == 1)
        }
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func aBatchRequestFollowsARedirect(status: Int) async throws {
        try await FaultServer.with { fixture in
            let wanted = try await fixture.add("an image")
            try await fixture.behave(["redirect": .integer(Int64(status))])
            try await fixture.client().fetch([wanted])
            #expect(try fixture.requests("/moved/").first?["method"] == "POST")
        }
    }

    @Test func textOfTheServerCannotWriteOnTheTerminal() async throws {
        try await FaultServer.with { fixture in
            let wanted = try await fixture.add("an image")
            try await fixture.behave(["batch_status": 403, "batch_message": "no\u{1B}[2J\r\naccess"])
            let error = try await fixture.client().outcomes(ofFetching: [wanted]).first?.error
            #expect(error?.description.contains("no [2J access") == true)
        }
    }
}
