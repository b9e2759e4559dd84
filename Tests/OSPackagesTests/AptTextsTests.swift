import Hashing
import TestSupport
import Testing

@testable import OSPackages

@Suite struct AptTextsTests {
    static let digest = String(repeating: "0a", count: 32)

    @Test func readsWhatAptPrints() throws {
        let output = """
            Reading package lists...
            'http://h/pool/g%2b%2b_4%3a12_amd64.deb' g++_4%3a12-1_amd64.deb 1356 SHA256:\(Self.digest)
            'file:/p/a_1_all.deb' a_1_all.deb 0 SHA256:\(Self.digest)

            """
        let packages = try AptPrintedURIs.packages(in: Array(output.utf8))
        #expect(packages.map(\.name) == ["a", "g++"])
        #expect(packages.map(\.version) == ["1", "4:12-1"])
        #expect(packages.map(\.architecture) == ["all", "amd64"])
        #expect(packages.map(\.size) == [0, 1356])
        #expect(packages[1].url == "http://h/pool/g%2b%2b_4%3a12_amd64.deb")
    }

    @Test(arguments: [
        "'http://h/a' a_1_all.deb 5", "'http://h/a' a_1_all.deb 5 MD5Sum:00", "'http://h/a' a_1_all.deb -5 SHA256:D",
        "'http://h/a' ../a_1_all.deb 5 SHA256:D", "'http://h/a' a/b_1_all.deb 5 SHA256:D", "'a",
        "'http://h/a' .a_1_all.deb 5 SHA256:D", "'http://h/a' a_1.deb 5 SHA256:D",
        "'http://h/a' a_1_all.rpm 5 SHA256:D",
        "'http://h/a' a_1%0a2_all.deb 5 SHA256:D",
        "'cdrom:[x]/a' a_1_all.deb 5 SHA256:D", "'http://h/\u{1B}a' a_1_all.deb 5 SHA256:D",
        "'http://h/a' a_1_all.deb 99999999999999999999 SHA256:D", "'http://h/a' a_1_a\u{301}ll.deb 5 SHA256:D",
    ])
    func refusesWhatAptDoesNotPrint(_ line: String) {
        let error = #expect(throws: PackageError.self) {
            try AptPrintedURIs.packages(in: Array(line.replacingD.utf8))
        }
        #expect(error?.kind == .untrusted)
        #expect(error.map { !$0.description.contains("\u{1B}") } ?? false)
    }

    @Test func keepsOnlyTheWayThroughTheNetwork() {
        let dump = """
            Acquire::http::Proxy "http://proxy:3128";
            Acquire::HTTPS::Proxy::host "DIRECT";
            Acquire::https::CaInfo "/etc/ca.pem";
            Acquire::Retries "5";
            Acquire::Check-Valid-Until "false";
            APT::Architecture "mips";
            Dir::Etc "/etc/apt";
            Acquire::http::Proxy "a"; APT::Architecture "mips";
            Acquire::http::Proxy:: "";
            """
        #expect(
            AptConfiguration.kept(of: dump) == """
                Acquire::http::Proxy "http://proxy:3128";
                Acquire::HTTPS::Proxy::host "DIRECT";
                Acquire::https::CaInfo "/etc/ca.pem";
                Acquire::Retries "5";

                """)
    }

    @Test(arguments: [
        ("http://h.example:80/debian/dists/a-b/updates/InRelease", "h.example:80_debian_dists_a-b_updates_InRelease"),
        ("https://me:pass@h/x_y/InRelease", "h_x%5fy_InRelease"), ("file:///a/~b/InRelease", "_a_%7eb_InRelease"),
        ("file:/a+b/InRelease", "_a+b_InRelease"),
    ])
    func namesListsAsAptDoes(_ url: String, _ name: String) {
        #expect(AptRoot.listName(of: url) == name)
    }

    @Test func readsRelations() {
        #expect(
            PackageRelations.relations("a (>= 1), b:any | c [amd64] , d<!x>,, e") == [
                ["a"], ["b", "c"], ["d"], ["e"],
            ])
        let text = "Package: x\nDepends: a,\n b\nSHA256: 00\nOdd line\n\n\nPackage: y\n continued\n"
        let stanzas = ControlStanza.all(in: Array(text.utf8))
        #expect(stanzas.map { $0["package"] } == ["x", "y  continued"])
        #expect(stanzas.first?["depends"] == "a,  b")
    }
}

extension String {
    /// The text with a digest in place of each capital D.
    fileprivate var replacingD: String { replacing("D", with: AptTextsTests.digest) }
}
