import Configuration
import JSON
import OCI

/// Searches images for the values of secret arguments.
///
/// An entry is committed and pushed: who can read the repository could read the secret.
struct SecretSearch {
    /// The shortest value that is searched for; a shorter one stands anywhere by chance.
    private static let searchedLength = 8

    /// Whether what is found is a warning only (`--allow-secret-in-image`).
    let allowsFound: Bool
    let events: CacheEvents

    /// Refuses an image whose config or history holds the value of a secret argument.
    func refuse(_ image: ImageDeclaration, in config: ImageConfig) throws {
        let arguments = image.secretArguments.sorted().map { ("argument \($0)", image.arguments[$0]) }
        let labels = image.secretLabels.sorted().map { ("label \($0)", image.labels[$0]) }
        for (name, value) in arguments + labels {
            guard let value, !value.isEmpty else { continue }
            if value.utf8.count < Self.searchedLength {
                events.warning(
                    "the image \(image.name) was not searched for the secret \(name): "
                        + "its value has fewer than \(Self.searchedLength) bytes", nil)
                continue
            }
            guard let place = Self.place(of: value, in: config.json) else { continue }
            if !allowsFound {
                throw CacheError.secretInImage(image: image.name.description, secret: name, place: place)
            }
            events.warning("the \(place) of \(image.name) holds the value of the secret \(name)", nil)
        }
    }

    /// The secret argument or label whose value one of further images holds, such as `argument TOKEN`; nil where none does, or
    /// what is found is let through.
    func secret(of image: ImageDeclaration, in configs: [ImageConfig]) -> String? {
        if allowsFound { return nil }
        let arguments = image.secretArguments.sorted().map { ("argument \($0)", image.arguments[$0]) }
        let labels = image.secretLabels.sorted().map { ("label \($0)", image.labels[$0]) }
        return (arguments + labels).first { _, value in
            guard let value, value.utf8.count >= Self.searchedLength else { return false }
            return configs.contains { Self.place(of: value, in: $0.json) != nil }
        }?.0
    }

    /// The member of an image's config that holds a value, as it is or as builders quote it.
    static func place(of value: String, in config: JSONValue) -> String? {
        let escaped = String(value.flatMap { "\"\\".contains($0) ? ["\\", $0] : [$0] })
        func holds(_ text: String) -> Bool { text.contains(value) || text.contains(escaped) }
        func isIn(_ json: JSONValue) -> Bool {
            switch json {
            case .string(let text): holds(text)
            case .array(let values): values.contains(where: isIn)
            case .object(let members): members.contains { holds($0.name) || isIn($0.value) }
            default: false
            }
        }
        let found = (config.members ?? []).first { holds($0.name) || isIn($0.value) }
        return found.map { ["history", "config"].contains($0.name) ? $0.name : "config" }
    }
}
