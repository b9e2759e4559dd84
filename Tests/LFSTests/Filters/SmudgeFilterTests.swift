import Git
import LFS
import SystemCalls
import SystemPackage
import TestSupport
import Testing

@Suite struct SmudgeFilterTests {
    @Test(arguments: try PointerVector.all())
    func everyVectorIsFilteredAsGitLFSDoes(_ vector: PointerVector) async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeLFSRepository()
            _ = try sandbox.store(PointerVector.object())
            let resolver = try ObjectResolver(sandbox.openRepository())
            let cleaned = try Filtered.clean(vector.bytes, resolver.store)
            if vector.clean == "passthrough" {
                #expect(cleaned == vector.bytes)
            } else {
                #expect(Pointer(parsing: cleaned)?.size.bytes == Int64(vector.bytes.count))
            }
            let smudge = SmudgeFilter(resolver.store) { pointer, path in try resolver.require(pointer, path: path) }
            var output: [UInt8] = []
            let outcome = try await smudge.run(from: Filtered.source(vector.bytes), to: { output += $0 })
            if case .missing = outcome { #expect(vector.smudgeStatus == 2) } else { #expect(vector.smudgeStatus == 0) }
            switch vector.smudge {
            case "object": #expect(try output == PointerVector.object())
            case "passthrough": #expect(output == vector.bytes)
            default: break
            }
            let skipping = SmudgeFilter(resolver.store, skips: true) { pointer, _ in try resolver.require(pointer) }
            output = []
            _ = try await skipping.run(from: Filtered.source(vector.bytes), to: { output += $0 })
            if vector.skip == "passthrough" {
                #expect(output == vector.bytes)
            } else {
                #expect(output == Pointer(parsing: vector.bytes)?.encoded)
            }
        }
    }

    @Test func aPointerOfAnotherSizeLeavesTheObjectAlone() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeLFSRepository()
            let pointer = try sandbox.store(Array("content".utf8))
            let resolver = try ObjectResolver(sandbox.openRepository())
            let wrong = Pointer(oid: pointer.oid, size: 99)
            let smudge = SmudgeFilter(resolver.store) { pointer, _ in try resolver.require(pointer) }
            var output: [UInt8] = []
            let outcome = try await smudge.run(from: Filtered.source(wrong.encoded), to: { output += $0 })
            guard case .missing = outcome else { return #expect(Bool(false), "\(outcome)") }
            #expect(output == wrong.encoded)
            #expect(resolver.store.holds(pointer))
        }
    }

    @Test func aConflictedPointerIsRefused() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeLFSRepository()
            let pointer = String(decoding: try sandbox.store(Array("x".utf8)).encoded, as: UTF8.self)
            let text = "<<<<<<< HEAD\n\(pointer)=======\n\(pointer)>>>>>>> side\n"
            let store = try ObjectStore(sandbox.openRepository())
            let error = #expect(throws: LFSError.self) { try Filtered.clean(Array(text.utf8), store) }
            #expect(error?.kind == .unmerged)
        }
    }
}
