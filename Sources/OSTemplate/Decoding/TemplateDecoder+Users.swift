import SystemCalls

extension TemplateDecoder {
    /// The most users: each password takes some milliseconds.
    private static let maximumUsers = 100

    /// `systemConfig.users`.
    func readUsers(_ map: MapReader, imageName: String) -> [SystemConfig.User] {
        let elements = map.maps("users")
        if elements.count > Self.maximumUsers {
            map.mistake("users", "holds \(elements.count) users", hint: "write \(Self.maximumUsers) at most")
            return []
        }
        var names: Set<String> = []
        return elements.compactMap { element in
            guard let name = element.required("name"), passes(element, "name", name, PlainText.userName) else {
                return nil
            }
            if !names.insert(name).inserted {
                element.mistake("name", "\(name) occurs twice", hint: "put both into one")
                return nil
            }
            var user = SystemConfig.User(name: name)
            user.passwordHash = readPassword(element, user: name, imageName: imageName)
            user.groups = element.texts("groups", PlainText.userName)
            user.sudo = element.bool("sudo") ?? false
            user.home = optional(element, "home", Self.accountPath)
            user.shell = optional(element, "shell", Self.accountPath)
            return user
        }
    }

    /// The hash of the password; the password itself is in no message.
    private func readPassword(_ element: MapReader, user: String, imageName: String) -> String? {
        let password = element.text("password") ?? ""
        let isHash = password.hasPrefix("$")
        if let algorithm = element.text("hash_algo"), !isHash,
            !["sha512", "sha-512", ""].contains(algorithm.lowercased())
        {
            element.mistake(
                "hash_algo", "\(Printable.quoted(Printable.escaped(algorithm))) is not supported",
                hint: "write hash_algo: sha512, or put the finished hash into password")
            return nil
        }
        if password.isEmpty { return nil }
        if isHash {
            if PasswordHash.isHash(password) { return password }
            element.mistake(
                "password", "begins with \"$\" and is no hash of crypt(5)",
                hint: "make one with mkpasswd -m sha-512, and put it into single quotes")
            return nil
        }
        if password.utf8.count > PasswordHash.maximumBytes || !PlainText.isLine(password) {
            element.mistake(
                "password", "has to be one line of \(PasswordHash.maximumBytes) bytes at most",
                hint: "write another password")
            return nil
        }
        return PasswordHash.make(password, user: user, image: imageName)
    }

    /// A path in a line of `passwd`, which has colons between its fields.
    private static func accountPath(_ text: String) -> String? {
        text.contains(":") ? "has to be a path without \":\"" : PlainText.absolutePath(text)
    }
}
