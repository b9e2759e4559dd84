import SystemCalls
import SystemPackage

/// The words of options for an engine's `run`, told apart as the engines do.
///
/// Of an option that is not known here nobody can say whether a value follows it, so the word behind it is left alone.
struct RunOptionWords: Sendable {
    /// An option as it is found among the words.
    struct Option: Hashable, Sendable {
        /// The word that it stands in.
        let index: Int
        /// Its name with its dashes, one letter of a cluster.
        let name: String
        /// Its value; nil where it has none.
        let value: String?
    }

    /// The options, in their order.
    private(set) var options: [Option] = []
    /// The word at which the options end, where there is one that the engine would take for the image.
    private(set) var end: Int?

    private let words: [String]
    private var next = 0
    private var mayBeValue = false

    /// Tells words apart.
    init(_ words: [String]) {
        self.words = words
        while next < words.count {
            let index = next
            let word = words[index]
            next += 1
            if word == "--" || word == "-" || !word.hasPrefix("-") {
                if !mayBeValue {
                    end = index
                    return
                }
                mayBeValue = false
                continue
            }
            mayBeValue = false
            if word.hasPrefix("--") { takeLong(word, index) } else { takeCluster(word, index) }
        }
    }

    private mutating func takeLong(_ word: String, _ index: Int) {
        if let sign = word.firstIndex(of: "=") {
            let value = String(word[word.index(after: sign)...])
            options.append(Option(index: index, name: String(word[..<sign]), value: value))
        } else if Self.valued.contains(word) {
            options.append(Option(index: index, name: word, value: nextWord()))
        } else {
            mayBeValue = !Self.flags.contains(word)
            options.append(Option(index: index, name: word, value: nil))
        }
    }

    /// Takes `-it`, `-v./x:/x` and the like: letters without a value, and at most one with a value at the end.
    private mutating func takeCluster(_ word: String, _ index: Int) {
        var letters = word.dropFirst()
        while let letter = letters.popFirst() {
            if letters.first == "=" {
                options.append(Option(index: index, name: "-\(letter)", value: String(letters.dropFirst())))
                return
            }
            if Self.valuedLetters.contains(letter) {
                let value = letters.isEmpty ? nextWord() : String(letters)
                options.append(Option(index: index, name: "-\(letter)", value: value))
                return
            }
            options.append(Option(index: index, name: "-\(letter)", value: nil))
            if !Self.flagLetters.contains(letter) {
                mayBeValue = true
                return
            }
        }
    }

    private mutating func nextWord() -> String? {
        guard next < words.count else { return nil }
        defer { next += 1 }
        return words[next]
    }

    private static let flagLetters: Set<Character> = ["d", "i", "t", "P", "q"]
    private static let valuedLetters: Set<Character> = ["a", "c", "e", "h", "l", "m", "p", "u", "v", "w"]

    private static let flags = names(
        """
        add-history detach disable-content-trust env-host help http-proxy init interactive no-healthcheck no-hosts \
        no-pivot oom-kill-disable passwd privileged publish-all quiet read-only read-only-tmpfs replace rm rmi rootfs \
        sig-proxy terminal tls-verify tty unsetenv-all use-api-socket
        """)

    private static let valued = names(
        """
        add-host annotation arch attach authfile blkio-weight blkio-weight-device cap-add cap-drop cgroup-conf \
        cgroup-parent cgroupns cgroups chrootdirs cidfile conmon-pidfile contextdir cpu-count cpu-percent cpu-period \
        cpu-quota cpu-rt-period cpu-rt-runtime cpu-shares cpus cpuset-cpus cpuset-mems detach-keys device \
        device-cgroup-rule device-read-bps device-read-iops device-write-bps device-write-iops dns dns-opt dns-option \
        dns-search domainname entrypoint env env-file env-merge expose gidmap gpus group-add group-entry health-cmd \
        health-interval health-on-failure health-retries health-start-interval health-start-period health-timeout \
        hostname hostuser image-volume init-path ip ip6 ipc isolation kernel-memory label label-file link \
        link-local-ip log-driver log-opt mac-address memory memory-reservation memory-swap memory-swappiness mount \
        name net net-alias network network-alias oom-score-adj os passwd-entry personality pid pidfile pids-limit \
        platform pod pod-id-file preserve-fds publish pull rdt-class requires restart runtime runtime-flag sdnotify \
        seccomp-policy secret security-opt shm-size shm-size-systemd stop-signal stop-timeout storage-opt subgidname \
        subuidname sysctl systemd timeout tmpfs tz uidmap ulimit umask unsetenv user userns uts variant volume \
        volume-driver volumes-from workdir workingdir
        """)

    private static func names(_ text: String) -> Set<String> {
        Set(text.split(separator: " ").map { "--\($0)" })
    }
}
