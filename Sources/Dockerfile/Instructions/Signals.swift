/// The signals that STOPSIGNAL may name.
enum Signals {
    private static let names: Set<String> = [
        "ABRT", "ALRM", "BUS", "CHLD", "CLD", "CONT", "FPE", "HUP", "ILL", "INT", "IO", "IOT", "KILL", "PIPE", "POLL",
        "PROF", "PWR", "QUIT", "SEGV", "STKFLT", "STOP", "SYS", "TERM", "TRAP", "TSTP", "TTIN", "TTOU", "URG", "USR1",
        "USR2", "VTALRM", "WINCH", "XCPU", "XFSZ", "RTMIN", "RTMAX",
    ]

    /// Whether a word is a signal's number or name, with or without `SIG`.
    static func isValid(_ word: String) -> Bool {
        if let number = Int(word) { return number != 0 }
        var name = word.uppercased()
        if name.hasPrefix("SIG") { name.removeFirst(3) }
        if names.contains(name) { return true }
        if name.hasPrefix("RTMIN+"), let offset = Int(name.dropFirst(6)) {
            return (1...15).contains(offset) && !name.hasPrefix("RTMIN+0")
        }
        if name.hasPrefix("RTMAX-"), let offset = Int(name.dropFirst(6)) {
            return (1...14).contains(offset) && !name.hasPrefix("RTMAX-0")
        }
        return false
    }
}
