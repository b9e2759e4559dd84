import Dispatch
import Synchronization
import SystemCalls
import TestSupport
import Testing

@Suite struct FolderTests {
    @Test func foldersThatSeveralMakeAtOnceAreMadeByAll() async throws {
        try await Sandbox.with { sandbox in
            let failures = Mutex<[String]>([])
            let root = sandbox.root
            for round in 0..<50 {
                DispatchQueue.concurrentPerform(iterations: 8) { _ in
                    do {
                        try Files.createDirectories(root.appending("\(round)").appending("a").appending("b"))
                    } catch {
                        failures.withLock { $0.append("\(error)") }
                    }
                }
            }
            #expect(failures.withLock { $0 } == [])
        }
    }
}
