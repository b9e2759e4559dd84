/// Variables that programs read which an engine starts, or is.
///
/// A secret goes to the engine in its environment. Under one of these names it would change what a program does, or run
/// code in its place.
enum ReservedVariable {
    private static let names: Set<String> = [
        "PATH", "HOME", "USER", "SHELL", "TERM", "TZ", "LANG", "LANGUAGE", "IFS", "ENV", "BASH_ENV", "PWD", "OLDPWD",
        "TMPDIR", "TMP", "TEMP", "LOCPATH", "NLSPATH", "GCONV_PATH", "HOSTALIASES", "LOCALDOMAIN", "RES_OPTIONS",
        "RESOLV_HOST_CONF", "GETCONF_DIR", "GODEBUG", "GOTRACEBACK", "GOMAXPROCS", "GOGC", "GOMEMLIMIT", "GOCOVERDIR",
        "NETRC", "ALL_PROXY", "NO_PROXY", "REQUEST_METHOD", "REGISTRY_AUTH_FILE", "REGISTRIES_CONFIG_PATH",
        "NOTIFY_SOCKET", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES", "DBUS_SESSION_BUS_ADDRESS",
    ]
    private static let beginnings = [
        "LD_", "LC_", "MALLOC_", "GLIBC_", "XDG_", "GIT_", "SSH_", "SSL_", "CURL_", "DOCKER_", "CONTAINER_",
        "CONTAINERS_", "_CONTAINERS_", "PODMAN_", "BUILDAH_", "BUILDKIT_", "BUILDX_", "STORAGE_", "NETAVARK_",
        "OPENSSL_",
    ]

    /// Whether a program that an engine needs reads this variable.
    static func contains(_ name: String) -> Bool {
        let upper = name.uppercased()
        return names.contains(name) || beginnings.contains { name.hasPrefix($0) } || upper.hasSuffix("_PROXY")
    }

    /// Why a secret cannot have this name.
    static func reason(_ name: String) -> String {
        "the secret \(name) would go to the engine in its environment, where programs read that name"
    }
}
