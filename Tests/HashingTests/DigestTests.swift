import Hashing
import Testing

@Suite struct DigestTests {
    @Test func digestsAreThoseOfTheStandards() {
        #expect(
            SHA256Digest(of: Array("abc".utf8)).hexadecimal
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(DigestAlgorithm.md5.digest(of: []).hexadecimal() == "d41d8cd98f00b204e9800998ecf8427e")
    }

    @Test func onlyLowerCaseDigestsAreRead() {
        let digest = SHA256Digest(of: [1])
        #expect(SHA256Digest(digest.description) == digest)
        #expect(SHA256Digest(hexadecimal: digest.hexadecimal.uppercased()) == nil)
        #expect(SHA256Digest("sha256:" + String(repeating: "0", count: 63)) == nil)
    }
}
