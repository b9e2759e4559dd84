import SystemCalls
import SystemPackage

/// What an engine does with options.
public enum EngineVerb: Sendable {
    case run, build
}

/// The words of options for an engine's `run` or `build`, told apart as the engines do.
///
/// Of an option that is not known here nobody can say whether a value follows it, so the word behind it is left alone.
package struct EngineOptionWords: Sendable {
    /// An option as it is found among the words.
    package struct Option: Hashable, Sendable {
        /// The word that it stands in.
        package let index: Int
        /// Its name with its dashes, one letter of a cluster.
        package let name: String
        /// Its value; nil where it has none.
        package let value: String?
        /// The word that the value stands in.
        package let valueIndex: Int
        /// The text of that word before the value.
        package let head: String
    }

    /// The options, in their order.
    package private(set) var options: [Option] = []
    /// The word at which the options end, where there is one that the engine would take for the image.
    package private(set) var end: Int?

    /// The last word, where it is an option that needs a value: the engine would take what follows all options for it.
    package private(set) var valueless: Int?

    /// The first of the options that name paths above the bound; nil where there are no more than may be.
    ///
    /// Each of them is looked at in the file system.
    package var firstTooMany: Int? {
        options.lazy.filter { Self.pathOptions.contains($0.name) }.dropFirst(InputLimit.mounts).first?.index
    }

    /// What is said of more than that.
    package static let tooMany = "more than \(InputLimit.mounts) options that name paths"

    private static let pathOptions: Set<String> = [
        "-v", "--volume", "--mount", "--env-file", "--label-file", "--device", "--build-context", "--secret",
    ]

    /// The value of the last option with one of these names, empty where it has none; nil where there is no such option.
    package func value(of names: String...) -> String? {
        options.last { names.contains($0.name) }.map { $0.value ?? "" }
    }

    /// The first option with one of these names; nil where there is none.
    package func first(_ names: Set<String>) -> Option? { options.first { names.contains($0.name) } }

    private let words: [String]
    private let known: Known
    private var next = 0
    private var mayBeValue = false

    /// Tells words apart.
    package init(_ words: [String], of verb: EngineVerb = .run) {
        self.words = words
        known = verb == .run ? .ofRun : .ofBuild
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
            let start = word.index(after: sign)
            take(String(word[..<sign]), String(word[start...]), index, head: String(word[..<start]))
        } else if known.valued.contains(word) {
            takeNextWord(word, index)
        } else {
            mayBeValue = !known.flags.contains(word)
            take(word, nil, index)
        }
    }

    /// Takes `-it`, `-v./x:/x` and the like: letters without a value, and at most one with a value at the end.
    private mutating func takeCluster(_ word: String, _ index: Int) {
        var letters = word.dropFirst()
        while let letter = letters.popFirst() {
            let name = "-\(letter)"
            if letters.first == "=" {
                let start = letters.index(after: letters.startIndex)
                return take(name, String(letters[start...]), index, head: String(word[..<start]))
            }
            if known.valuedLetters.contains(letter) {
                if letters.isEmpty { return takeNextWord(name, index) }
                return take(name, String(letters), index, head: String(word[..<letters.startIndex]))
            }
            take(name, nil, index)
            if !known.flagLetters.contains(letter) {
                mayBeValue = true
                return
            }
        }
    }

    private mutating func take(_ name: String, _ value: String?, _ index: Int, head: String = "") {
        options.append(Option(index: index, name: name, value: value, valueIndex: index, head: head))
    }

    private mutating func takeNextWord(_ name: String, _ index: Int) {
        guard next < words.count else {
            valueless = index
            return take(name, nil, index)
        }
        options.append(Option(index: index, name: name, value: words[next], valueIndex: next, head: ""))
        next += 1
    }
}

extension EngineOptionWords {
    /// The options that are known.
    struct Known: Sendable {
        let flagLetters: Set<Character>
        let valuedLetters: Set<Character>
        let flags: Set<String>
        let valued: Set<String>

        /// Those of `run`.
        static let ofRun = Known(
            flagLetters: ["d", "i", "t", "P", "q"],
            valuedLetters: ["a", "c", "e", "h", "l", "m", "p", "u", "v", "w"],
            flags: names(runFlags), valued: names(runValued))

        /// Those of `build`.
        static let ofBuild = Known(
            flagLetters: ["D", "q"], valuedLetters: ["c", "f", "m", "o", "t", "v"],
            flags: names(buildFlags), valued: names(buildValued))

        private static func names(_ text: String) -> Set<String> {
            Set(text.split(separator: " ").map { "--\($0)" })
        }
    }

    private static let runFlags =
        """
        add-history detach disable-content-trust env-host help http-proxy init interactive no-healthcheck no-hosts \
        no-pivot oom-kill-disable passwd privileged publish-all quiet read-only read-only-tmpfs replace rm rmi rootfs \
        sig-proxy terminal tls-verify tty unsetenv-all use-api-socket
        """

    private static let runValued =
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
        """

    private static let buildFlags =
        """
        all-platforms check compress debug disable-compression disable-content-trust force-rm help http-proxy \
        identity-label inherit-labels layers load no-cache no-hostname no-hosts omit-history push quiet rm \
        skip-unused-stages squash squash-all stdin tls-verify
        """

    private static let buildValued =
        """
        add-host allow annotation arch attest authfile build-arg build-arg-file build-context builder cache-from \
        cache-to cache-ttl call cap-add cap-drop cert-dir cgroup-parent cgroupns cpp-flag cpu-period cpu-quota \
        cpu-shares cpuset-cpus cpuset-mems creds decryption-key device dns dns-option dns-search env file format from \
        group-add hooks-dir ignorefile iidfile ipc isolation jobs label logfile logsplit manifest memory memory-swap \
        metadata-file network no-cache-filter os os-feature os-version output pid platform progress provenance retry \
        retry-delay runtime runtime-flag sbom secret security-opt shm-size sign-by ssh tag target timestamp ulimit \
        unsetenv unsetlabel userns userns-gid-map userns-gid-map-group userns-uid-map userns-uid-map-user uts variant \
        volume
        """
}
