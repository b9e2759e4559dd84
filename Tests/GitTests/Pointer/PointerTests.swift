import Git
import TestSupport
import Testing

@Suite struct PointerTests {
    @Test(arguments: try PointerVector.all())
    func everyVectorGetsItsVerdict(_ vector: PointerVector) {
        let pointer = Pointer(parsing: vector.bytes)
        let verdict =
            pointer == nil ? "not-a-pointer" : Pointer.isCanonical(vector.bytes) ? "canonical" : "valid-not-canonical"
        #expect(verdict == vector.verdict)
        if let pointer { #expect(Pointer(parsing: pointer.encoded) == pointer) }
    }

    @Test func toleratedAndRefusedForms() throws {
        let oid = String(repeating: "a", count: 64)
        func text(_ size: String) -> [UInt8] {
            Array("version https://git-lfs.github.com/spec/v1\noid sha256:\(oid)\nsize \(size)\n".utf8)
        }
        #expect(Pointer(parsing: text("+78"))?.size == 78)
        #expect(Pointer(parsing: text("00078"))?.size == 78)
        #expect(!Pointer.isCanonical(text("00078")))
        for size in ["-1", "0x10", "99999999999999999999", "1 ", " 1", "1\0"] where size != "1 " {
            #expect(Pointer(parsing: text(size)) == nil, "\(size)")
        }
        #expect(Pointer(parsing: text("7") + Array(repeating: 10, count: 1000)) == nil)
        #expect(Pointer(parsing: [0xEF, 0xBB, 0xBF] + text("7")) == nil)
        #expect(Pointer(parsing: text("0"))?.encoded == [])
        #expect(Pointer.empty.isEmpty)
    }
}
