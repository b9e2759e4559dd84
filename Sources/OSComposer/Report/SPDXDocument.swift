import Hashing
import JSON
import OSPackages
import OSTemplate
import SystemCalls

/// The bill of materials of an image: SPDX 2.3 as JSON, made from the resolved set.
public enum SPDXDocument {
    /// The document; the same image has the same bytes.
    ///
    /// - Parameters:
    ///   - specification: The image's specification hash, which makes the document's namespace unique.
    public static func text(
        name: String, version: String, provider: Provider, resolution: Resolution, specification: String
    ) -> String {
        let image = "SPDXRef-Image"
        var packages: [JSONValue] = [
            [
                "SPDXID": .string(image), "name": .string(name), "versionInfo": .string(version),
                "downloadLocation": "NOASSERTION", "filesAnalyzed": false, "primaryPackagePurpose": "OPERATING-SYSTEM",
                "licenseConcluded": "NOASSERTION", "licenseDeclared": "NOASSERTION", "copyrightText": "NOASSERTION",
            ]
        ]
        var relations: [JSONValue] = [relation("SPDXRef-DOCUMENT", "DESCRIBES", image)]
        let all = resolution.all
        let identifiers = Dictionary(all.map { ($0.name, identifier(of: $0)) }, uniquingKeysWith: { first, _ in first })
        for package in all {
            packages.append(entry(package, provider))
            relations.append(relation(image, "CONTAINS", identifier(of: package)))
            for dependency in package.depends {
                guard let other = identifiers[dependency] else { continue }
                relations.append(relation(identifier(of: package), "DEPENDS_ON", other))
            }
        }
        let document: JSONValue = [
            "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT",
            "name": .string("\(name)-\(version)"),
            "documentNamespace": .string("urn:image-composer:\(specification)"),
            "creationInfo": [
                "created": .string(UTCTime.text(of: RecipeVersion.sourceDate)),
                "creators": ["Tool: image-composer"],
            ],
            "packages": .array(packages), "relationships": .array(relations),
        ]
        return document.indentedText() + "\n"
    }

    private static func entry(_ package: Package, _ provider: Provider) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("SPDXID", .string(identifier(of: package))), .init("name", .string(package.name)),
            .init("versionInfo", .string(package.version)),
            .init("packageFileName", .string(package.fileName)),
            .init("downloadLocation", .string(package.url)), .init("filesAnalyzed", false),
            .init(
                "checksums",
                [["algorithm": "SHA256", "checksumValue": .string(package.sha256.hexadecimal)]]),
            .init("licenseConcluded", "NOASSERTION"), .init("licenseDeclared", "NOASSERTION"),
            .init("copyrightText", "NOASSERTION"),
            .init(
                "externalRefs",
                [
                    [
                        "referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
                        "referenceLocator": .string(purl(of: package, provider)),
                    ]
                ]),
        ]
        if let source = package.source {
            members.append(.init("sourceInfo", .string("built from source package \(source)")))
        }
        return .object(members)
    }

    /// The package's URL in the form of the purl specification, types `deb` and `rpm`.
    static func purl(of package: Package, _ provider: Provider) -> String {
        let version = escaped(package.version)
        return "pkg:\(provider.family.rawValue)/\(escaped(provider.os))/\(escaped(package.name))@\(version)"
            + "?arch=\(escaped(package.architecture))&distro=\(escaped(provider.dist))"
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            let character = Unicode.Scalar(byte)
            switch character {
            case "a"..."z", "A"..."Z", "0"..."9", ".", "-", "_", "~": result.unicodeScalars.append(character)
            default: result += "%" + [byte].hexadecimal(uppercase: true)
            }
        }
        return result
    }

    private static func identifier(of package: Package) -> String {
        let text = "\(package.name)-\(package.architecture)"
        return "SPDXRef-Package-"
            + String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "-") ? $0 : "-" })
            + "-" + package.sha256.hexadecimal.prefix(8)
    }

    private static func relation(_ from: String, _ kind: String, _ to: String) -> JSONValue {
        [
            "spdxElementId": .string(from), "relationshipType": .string(kind), "relatedSpdxElement": .string(to),
        ]
    }
}
