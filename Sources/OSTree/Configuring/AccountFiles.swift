import OSTemplate
import SystemCalls

/// The four files of accounts of a tree, and what a template's users change in them.
struct AccountFiles: Hashable, Sendable {
    var passwd: String
    var group: String
    var shadow: String
    var gshadow: String

    /// What was made of a user.
    struct Account: Hashable, Sendable {
        var id: UInt32
        var group: UInt32
        var home: String
        /// Whether the user is new, and gets a home folder.
        var isNew: Bool
    }

    /// The first number of people's accounts.
    private static let firstID: UInt32 = 1000
    private static let lastID: UInt32 = 59_999

    /// Adds a user, or changes the one of that name; the day of its password is that of `RecipeVersion.sourceDate`.
    ///
    /// - Throws: `TreeError` where a group is not there, or a word would break the files' form.
    mutating func set(_ user: SystemConfig.User) throws(TreeError) -> Account {
        if user.name.isEmpty || user.name.contains("/") || ["-", "."].contains(user.name.prefix(1)) {
            throw TreeError(
                .configuration,
                "cannot add the user \(Printable.quoted(Printable.escaped(user.name))): it is no name of a user",
                hint: "correct systemConfig.users")
        }
        for word in [user.name, user.home ?? "", user.shell ?? "", user.passwordHash ?? ""] + user.groups
        where word.utf8.contains(where: { $0 == UInt8(ascii: ":") || $0 < 0x20 || $0 == 0x7F }) {
            throw TreeError(
                .configuration,
                "cannot add the user \(Printable.escaped(user.name)): a colon or control character is in a word of it",
                hint: "correct systemConfig.users")
        }
        var account: Account
        if var fields = Self.fields(of: user.name, in: passwd), fields.count == 7,
            let id = UInt32(fields[2]), let number = UInt32(fields[3])
        {
            fields[5] = user.home ?? fields[5]
            fields[6] = user.shell ?? fields[6]
            passwd = Self.setting(fields, in: passwd)
            account = Account(id: id, group: number, home: fields[5], isNew: false)
        } else {
            let home = user.home ?? "/home/" + user.name
            let number: UInt32
            if let existing = Self.fields(of: user.name, in: group), existing.count == 4, let id = UInt32(existing[2]) {
                number = id
            } else {
                number = try free(user.name)
                group = Self.setting([user.name, "x", String(number), ""], in: group)
                gshadow = Self.setting([user.name, "!", "", ""], in: gshadow)
            }
            let id = isTaken(number, in: passwd) ? try free(user.name) : number
            let shell = user.shell ?? "/bin/bash"
            passwd = Self.setting([user.name, "x", String(id), String(number), "", home, shell], in: passwd)
            account = Account(id: id, group: number, home: home, isNew: true)
        }
        setPassword(user, isNew: account.isNew)
        for name in user.groups { try join(user.name, name) }
        return account
    }

    private mutating func setPassword(_ user: SystemConfig.User, isNew: Bool) {
        guard user.passwordHash != nil || isNew else { return }
        let day = String(RecipeVersion.sourceDate / 86_400)
        var fields = Self.fields(of: user.name, in: shadow) ?? []
        if fields.count != 9 { fields = [user.name, "", "", "0", "99999", "7", "", "", ""] }
        fields[1] = user.passwordHash ?? "!"
        fields[2] = day
        shadow = Self.setting(fields, in: shadow)
    }

    private mutating func join(_ user: String, _ name: String) throws(TreeError) {
        guard var fields = Self.fields(of: name, in: group), fields.count == 4 else {
            throw TreeError(
                .configuration,
                "cannot add the user \(Printable.escaped(user)): the tree has no group \(Printable.escaped(name))",
                hint: "add the package that makes the group to systemConfig.packages, or leave the group out")
        }
        fields[3] = Self.adding(user, to: fields[3])
        group = Self.setting(fields, in: group)
        if var hidden = Self.fields(of: name, in: gshadow), hidden.count == 4 {
            hidden[3] = Self.adding(user, to: hidden[3])
            gshadow = Self.setting(hidden, in: gshadow)
        }
    }

    /// The lowest number that neither a user nor a group has.
    private func free(_ name: String) throws(TreeError) -> UInt32 {
        for id in Self.firstID...Self.lastID where !isTaken(id, in: passwd) && !isTaken(id, in: group) { return id }
        throw TreeError(.configuration, "cannot add the user \(Printable.escaped(name)): no number is free")
    }

    private func isTaken(_ id: UInt32, in text: String) -> Bool {
        text.split(separator: "\n").contains { line in
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            return fields.count > 2 && UInt32(fields[2]) == id
        }
    }

    private static func adding(_ user: String, to list: String) -> String {
        let members = list.split(separator: ",").map(String.init)
        return members.contains(user) ? list : (members + [user]).joined(separator: ",")
    }

    /// The fields of the line of a name; nil where there is none.
    private static func fields(of name: String, in text: String) -> [String]? {
        text.split(separator: "\n").first { $0.hasPrefix(name + ":") }
            .map { $0.split(separator: ":", omittingEmptySubsequences: false).map(String.init) }
    }

    /// The text with the line of that name replaced, or added at the end.
    private static func setting(_ fields: [String], in text: String) -> String {
        let line = fields.joined(separator: ":")
        var lines = text.split(separator: "\n").map(String.init)
        if let index = lines.firstIndex(where: { $0.hasPrefix(fields[0] + ":") }) {
            lines[index] = line
        } else {
            lines.append(line)
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
