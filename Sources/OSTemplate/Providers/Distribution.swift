import SystemCalls

/// An operating system that templates may name, with what is built into this program about it.
struct Distribution: Sendable {
    /// The name in `target.os`, as providers have it.
    let os: String
    /// Other names for `target.os`.
    let otherNames: [String]
    let family: Provider.Family
    /// The names of `target.dist` that are known, each with the name that providers have: for deb the suite.
    let dists: [String: String]
    /// What makes the base tree.
    let basePackages: [String]
    /// The keyring that the distribution's own package puts into `/usr/share/keyrings`; nil where it has none there.
    let keyring: String?

    private static let deb = ["?essential", "?priority(required)"]

    static let all: [Distribution] = [
        Distribution(
            os: "debian", otherNames: [], family: .deb,
            dists: [
                "debian11": "bullseye", "debian12": "bookworm", "debian13": "trixie", "debian14": "forky",
                "bullseye": "bullseye", "bookworm": "bookworm", "trixie": "trixie", "forky": "forky", "sid": "sid",
            ], basePackages: deb, keyring: "debian-archive-keyring.gpg"),
        Distribution(
            os: "ubuntu", otherNames: [], family: .deb,
            dists: [
                "ubuntu22": "jammy", "ubuntu24": "noble", "ubuntu26": "resolute",
                "jammy": "jammy", "noble": "noble", "resolute": "resolute",
            ], basePackages: deb, keyring: "ubuntu-archive-keyring.gpg"),
        Distribution(
            os: "wind-river-elxr", otherNames: ["elxr"], family: .deb,
            dists: ["elxr12": "aria", "elxr13": "bianca", "aria": "aria", "bianca": "bianca"],
            basePackages: deb, keyring: nil),
        Distribution(
            os: "azure-linux", otherNames: [], family: .rpm, dists: ["azl3": "azl3"],
            basePackages: ["filesystem", "core-packages-container"], keyring: nil),
        Distribution(
            os: "edge-microvisor-toolkit", otherNames: ["emt"], family: .rpm, dists: ["emt3": "emt3"],
            basePackages: ["filesystem", "core-packages-container"], keyring: nil),
        Distribution(
            os: "redhat-compatible-distro", otherNames: [], family: .rpm, dists: ["el10": "el10"],
            basePackages: ["filesystem", "basesystem", "bash", "coreutils", "rpm"], keyring: nil),
    ]

    /// The system of a name.
    static func named(_ name: String) -> Distribution? {
        all.first { $0.os == name || $0.otherNames.contains(name) }
    }

    /// The architecture in the family's own words, from any of the names that it has.
    func architecture(_ text: String) -> String? {
        switch text {
        case "x86_64", "amd64": family == .deb ? "amd64" : "x86_64"
        case "aarch64", "arm64": family == .deb ? "arm64" : "aarch64"
        default: nil
        }
    }
}
