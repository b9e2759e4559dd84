/// How a template is laid over what it extends, and over the defaults (docs/templates.md, "Merge").
enum TemplateMerge {
    /// How a list is laid over another one.
    private enum ListRule {
        /// The upper list is taken as it is.
        case replace
        /// Both, each text once, the lower first.
        case union
        /// Both, the lower first.
        case append
        /// Maps with the same value of this key become one, the upper's keys decide; others are appended.
        case byKey(String)
        /// Maps of the upper take the place of all of the lower with the same value of this key.
        case replaceByKey(String)
    }

    private static let lists: [String: ListRule] = [
        "systemConfig.packages": .union,
        "systemConfig.users": .byKey("name"),
        "systemConfig.users[].groups": .union,
        "systemConfig.additionalFiles": .replaceByKey("final"),
        "systemConfig.configurations": .append,
        "packageRepositories": .replaceByKey("codename"),
    ]

    /// The upper value laid over the lower one.
    static func merge(_ upper: TemplateValue, over lower: TemplateValue, path: String = "") -> TemplateValue {
        switch (upper.content, lower.content) {
        case (.nothing, _): return lower
        case (.map(let above), .map(let below)):
            return TemplateValue(.map(mergeMaps(above, below, path)), upper.place)
        case (.list(let above), .list(let below)):
            return TemplateValue(.list(mergeLists(above, below, path)), upper.place)
        default: return upper
        }
    }

    private static func mergeMaps(
        _ above: [TemplateValue.Entry], _ below: [TemplateValue.Entry], _ path: String
    ) -> [TemplateValue.Entry] {
        var result = below
        var places = Dictionary(below.enumerated().map { ($0.element.key, $0.offset) }) { first, _ in first }
        for entry in above {
            let inner = path.isEmpty ? entry.key : path + "." + entry.key
            if let place = places[entry.key] {
                if entry.value.isNothing { continue }
                result[place] = .init(
                    key: entry.key, place: entry.place,
                    value: merge(entry.value, over: result[place].value, path: inner))
            } else {
                places[entry.key] = result.count
                result.append(entry)
            }
        }
        return result
    }

    private static func mergeLists(_ above: [TemplateValue], _ below: [TemplateValue], _ path: String)
        -> [TemplateValue]
    {
        switch lists[path] ?? .replace {
        case .replace: return above
        case .append: return below + above
        case .union:
            var known = Set(below.compactMap(\.text))
            return below + above.filter { $0.text.map { known.insert($0).inserted } ?? true }
        case .byKey(let key):
            var result = below
            var places = Dictionary(
                below.enumerated().compactMap { index, element in element[key]?.text.map { ($0, index) } }
            ) { first, _ in first }
            for element in above {
                let name = element[key]?.text
                if let name, let index = places[name], index < below.count {
                    result[index] = merge(element, over: result[index], path: path + "[]")
                } else {
                    if let name { places[name] = result.count }
                    result.append(element)
                }
            }
            return result
        case .replaceByKey(let key):
            let named = Dictionary(grouping: above.filter { $0[key]?.text != nil }) { $0[key]?.text ?? "" }
            var placed: Set<String> = []
            var result: [TemplateValue] = []
            for element in below {
                guard let name = element[key]?.text, let others = named[name] else {
                    result.append(element)
                    continue
                }
                if placed.insert(name).inserted { result += others }
            }
            return result + above.filter { $0[key]?.text.map { !placed.contains($0) } ?? true }
        }
    }
}
