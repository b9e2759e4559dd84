import OSPackages

/// How two resolved sets differ, one line per cause.
public enum ResolutionDifference {
    /// `+ vim 9.0`, `- curl 7.88`, `curl 7.88 → 7.89`, `curl 7.88: other bytes`, keys of repositories; sorted by name.
    public static func lines(from old: Resolution, to new: Resolution) -> [String] {
        let before = byName(old.all)
        let after = byName(new.all)
        var lines: [String] = []
        for name in Set(before.keys).union(after.keys).sorted() {
            switch (before[name], after[name]) {
            case (nil, let added?): lines.append("+ \(name) \(added.version)")
            case (let gone?, nil): lines.append("- \(name) \(gone.version)")
            case (let left?, let right?) where left.version != right.version:
                lines.append("\(name) \(left.version) → \(right.version)")
            case (let left?, let right?) where left.sha256 != right.sha256:
                lines.append("\(name) \(left.version): other bytes")
            default: break
            }
        }
        if old.signers != new.signers { lines.append("the keys of the repositories changed") }
        return lines
    }

    private static func byName(_ packages: [Package]) -> [String: Package] {
        let architectures = Dictionary(grouping: packages, by: \.name)
        return Dictionary(
            packages.map { package in
                let isOne = architectures[package.name]?.count == 1
                return (isOne ? package.name : "\(package.name):\(package.architecture)", package)
            }, uniquingKeysWith: { first, _ in first })
    }
}
