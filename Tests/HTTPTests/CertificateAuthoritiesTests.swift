import SystemPackage
import TestSupport
import Testing

@testable import HTTP

@Suite struct CertificateAuthoritiesTests {
    @Test func theFirstPlaceThatHoldsAFileIsNamed() async throws {
        try await Sandbox.with { sandbox in
            let places = ["debian/ca.crt", "fedora/ca.crt", "suse/ca.pem"].map { sandbox.path($0) }
            #expect(CertificateAuthorities.first(of: places) == nil)
            #expect(CertificateAuthorities.named(of: places) == nil)
            try sandbox.write("suse/ca.pem", "x")
            #expect(CertificateAuthorities.named(of: places) == places[2])
            try sandbox.write("fedora/ca.crt", "x")
            #expect(CertificateAuthorities.named(of: places) == places[1])
            // libcurl finds its own.
            try sandbox.write("debian/ca.crt", "x")
            #expect(CertificateAuthorities.first(of: places) == places[0])
            #expect(CertificateAuthorities.named(of: places) == nil)
        }
    }

    @Test func aFolderIsNoFile() async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("fedora/ca.crt/inside", "x")
            #expect(CertificateAuthorities.first(of: [sandbox.path("fedora/ca.crt")]) == nil)
        }
    }
}
