import Hashing
import Testing

@Suite struct ScryptTests {
    /// The third vector of RFC 7914, section 12.
    @Test func givesTheBytesOfTheRFC() throws {
        let bytes = try #require(Scrypt.bytes(of: "pleaseletmein".utf8, salt: Array("SodiumChloride".utf8), count: 64))
        #expect(
            bytes.hexadecimal()
                == "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
                + "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887")
    }

    @Test func takesAnEmptyPassword() {
        #expect(Scrypt.bytes(of: [], salt: [1], count: 32)?.count == 32)
    }
}
