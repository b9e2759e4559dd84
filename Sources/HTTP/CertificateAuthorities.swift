import SystemCalls
import SystemPackage

/// The file with the certificates that the system trusts.
///
/// A libcurl looks for it where the distribution keeps it that it was built for. The tarball of ci/dist brings Debian's to
/// others, so the known places are looked at.
public enum CertificateAuthorities {
    /// Where distributions keep the file.
    public static let places: [FilePath] = [
        // Debian, Ubuntu, Arch, Alpine: libcurl finds it by itself.
        "/etc/ssl/certs/ca-certificates.crt",
        // Fedora, RHEL and their relatives, old and new.
        "/etc/pki/tls/certs/ca-bundle.crt", "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
        // openSUSE.
        "/etc/ssl/ca-bundle.pem", "/var/lib/ca-certificates/ca-bundle.pem",
        "/etc/ssl/cert.pem",
    ]

    /// The first of some places at which a file is; nil where there is none.
    public static func first(of places: [FilePath] = places) -> FilePath? {
        places.first { ((try? FileStatus.of($0, followLinks: true)) ?? nil)?.kind == .file }
    }

    /// The file to name to libcurl; nil where it finds one by itself, or there is none.
    static func named(of places: [FilePath]) -> FilePath? {
        let found = first(of: places)
        return found == places.first ? nil : found
    }

    /// The file of this machine, looked for once.
    static let ofThisMachine = named(of: places)
}
