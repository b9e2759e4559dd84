import JSON
import Records
import SystemPackage

/// A key of a template that asks for what only somebody who trusts the template would let it have.
public struct TemplateWish: Hashable, Sendable {
    /// The reason, with the line in front: `os/edge.yml:7: packageRepositories names a package repository of its own`.
    public let reason: String
    /// The values in question as they are shown, `KEY: VALUE`.
    public let values: [String]
}

extension TemplateChain {
    /// What each key of a template that needs trust does.
    private static let rules: [(key: String, does: String)] = [
        ("packageRepositories", "names a package repository or key of its own"),
        ("systemConfig.configurations", "runs commands as root while the image is made"),
    ]

    /// What the templates ask for, in their order.
    var wishes: [TemplateWish] {
        var wishes = templates.flatMap { template in
            Self.rules.compactMap { rule -> TemplateWish? in
                let values = template.values.filter { value in
                    value.key == rule.key || value.key.hasPrefix(rule.key + "[") || value.key.hasPrefix(rule.key + ".")
                }.filter { $0.value != .null && $0.value != .array([]) }
                guard let first = values.first else { return nil }
                return TemplateWish(
                    reason: "\(template.path):\(first.line): \(rule.key) \(rule.does)",
                    values: values.map { "\($0.key): \(InputsRecord.text($0.value))" })
            }
        }
        for (path, place) in outside.sorted(by: { $0.key.string < $1.key.string }) {
            wishes.append(
                TemplateWish(
                    reason: "\(place): takes \(path), which is not of this work tree", values: ["file: \(path)"]))
        }
        return wishes
    }
}
