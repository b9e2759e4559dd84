import Hashing
import Testing

@Suite struct DigestTests {
    @Test func digestsAreThoseOfTheStandards() {
        #expect(
            SHA256Digest(of: Array("abc".utf8)).hexadecimal
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(DigestAlgorithm.md5.digest(of: []).hexadecimal() == "d41d8cd98f00b204e9800998ecf8427e")
        #expect(
            DigestAlgorithm.sha1.digest(of: "abc".utf8).hexadecimal() == "a9993e364706816aba3e25717850c26c9cd0d89d")
    }

    @Test(arguments: [DigestAlgorithm.sha256, .md5, .sha1])
    func piecesGiveTheDigestOfTheWhole(algorithm: DigestAlgorithm) {
        let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let hash = IncrementalHash(algorithm)
        // Once more: a hash that has ended starts anew.
        for _ in 0..<2 {
            for start in stride(from: 0, to: bytes.count, by: 37) {
                hash.update(bytes[start..<min(start + 37, bytes.count)])
                hash.update([UInt8]())
            }
            #expect(hash.finish() == algorithm.digest(of: bytes))
        }
    }

    @Test func onlyLowerCaseDigestsAreRead() {
        let digest = SHA256Digest(of: [1])
        #expect(SHA256Digest(digest.description) == digest)
        #expect(SHA256Digest(hexadecimal: digest.hexadecimal.uppercased()) == nil)
        #expect(SHA256Digest("sha256:" + String(repeating: "0", count: 63)) == nil)
    }
}
