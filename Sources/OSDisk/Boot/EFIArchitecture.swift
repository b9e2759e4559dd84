/// A machine that UEFI knows.
enum EFIArchitecture: String, Sendable {
    case x64, arm64

    /// The machine of a provider's architecture; nil for one that systemd-boot is not made for here.
    init?(_ arch: String) {
        switch arch {
        case "amd64", "x86_64": self = .x64
        case "arm64", "aarch64": self = .arm64
        default: return nil
        }
    }

    private var suffix: String { self == .x64 ? "x64" : "aa64" }
    /// The name of systemd-boot's program.
    var bootProgram: String { "systemd-boot\(suffix).efi" }
    /// The name under which firmware looks for it.
    var fallbackName: String { "BOOT\(suffix.uppercased()).EFI" }
}
