/// The names of variables and arguments whose values are never shown or stored.
public enum SecretName {
    /// What is shown in the place of a secret value.
    public static let mask = "***"

    /// They make a name a secret's wherever they stand in it.
    private static let parts = ["PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "TOKEN", "CREDENTIAL", "APIKEY"]
    /// They do as whole words only: PATH, PATTERN, AUTHOR and KEYBOARD hold some of them.
    private static let words: Set<String> = [
        "PASS", "PWD", "KEY", "KEYS", "CRED", "CREDS", "AUTH", "PAT", "PRIVATE",
    ]
    /// The shell's names of folders.
    private static let folders: Set<String> = ["PWD", "OLDPWD"]

    /// Whether a name says that its value is secret.
    public static func matches(_ name: String) -> Bool {
        if folders.contains(name) { return false }
        let upper = name.uppercased()
        if parts.contains(where: { upper.contains($0) }) { return true }
        return name.split { !$0.isLetter }.contains { part in
            [true, false].contains { split in
                Self.split(part, beforeLastCapital: split).contains { words.contains($0.uppercased()) }
            }
        }
    }

    /// A word of a command line without the value that it gives to a secret name, such as `--env=API_KEY=x` or
    /// `API_KEY=x`; of several fields or words in one, a name is the last before the sign.
    public static func masked(word: String) -> String {
        var start = word.startIndex
        while let equals = word[start...].firstIndex(of: "=") {
            let name = word[start..<equals].split { $0 == " " || $0 == "," }.last.map(String.init) ?? ""
            start = word.index(after: equals)
            // The option says where a secret is.
            if name != "--secret", matches(name) { return word[..<start] + mask }
        }
        return word
    }

    /// The words of `sshKey`, `SSHKey` or `KEYfile`: in the second the last capital begins a word, in the third it ends one.
    private static func split(_ part: Substring, beforeLastCapital: Bool) -> [String] {
        var words: [String] = []
        var word = ""
        for letter in part {
            let follows = word.last.map { $0.isUppercase && letter.isLowercase && word.count > 1 } ?? false
            if follows, word.allSatisfy(\.isUppercase) {
                let capital = beforeLastCapital ? word.popLast().map { String($0) } ?? "" : ""
                words.append(word)
                word = capital
            } else if let last = word.last, last.isLowercase, letter.isUppercase {
                words.append(word)
                word = ""
            }
            word.append(letter)
        }
        return words + [word]
    }
}
