import JSON
import OSTemplate
import Testing

@testable import OSComposer

/// The bill of materials names every package, and is the same for the same image.
@Suite struct SPDXTests {
    static let provider = Provider(os: "debian", dist: "bookworm", arch: "amd64", family: .deb)

    @Test func everyPackageIsNamedWithItsDigest() throws {
        let resolution = LockFileTests.lock.resolution
        let text = SPDXDocument.text(
            name: "edge", version: "1", provider: Self.provider, resolution: resolution, specification: "abc")
        var reader = JSONReader(Array(text.utf8))
        let document = try reader.value()
        #expect(document["spdxVersion"]?.string == "SPDX-2.3")
        let packages = try #require(document["packages"]?.array)
        #expect(packages.compactMap { $0["name"]?.string } == ["edge", "base-files", "vim"])
        #expect(
            packages[1]["checksums"]?.array?.first?["checksumValue"]?.string == resolution.base[0].sha256.hexadecimal)
        let identifiers = Set(packages.compactMap { $0["SPDXID"]?.string } + ["SPDXRef-DOCUMENT"])
        let relations = try #require(document["relationships"]?.array)
        #expect(
            relations.compactMap { $0["relationshipType"]?.string } == [
                "DESCRIBES", "CONTAINS", "CONTAINS", "DEPENDS_ON",
            ])
        for relation in relations {
            #expect(identifiers.contains(relation["spdxElementId"]?.string ?? ""))
            #expect(identifiers.contains(relation["relatedSpdxElement"]?.string ?? ""))
        }
        #expect(identifiers.allSatisfy { $0.wholeMatch(of: /SPDXRef-[A-Za-z0-9.-]+/) != nil })
        #expect(
            text
                == SPDXDocument.text(
                    name: "edge", version: "1", provider: Self.provider, resolution: resolution, specification: "abc"))
    }

    @Test func packageURLsAreEscaped() {
        let package = LockFileTests.package("libstdc++6", "1:2.0+b1~rc")
        #expect(
            SPDXDocument.purl(of: package, Self.provider)
                == "pkg:deb/debian/libstdc%2B%2B6@1%3A2.0%2Bb1~rc?arch=amd64&distro=bookworm")
    }
}
