/// A time span as a configuration has it: seconds, or parts such as `1h30m`, `10m`, `90s`.
enum TimeSpan {
    /// What such a text is like.
    static let pattern = "^([0-9]+|([0-9]+h)?([0-9]+m)?([0-9]+s)?)$"
    /// The longest that is taken, in seconds: a week.
    static let longest = 604_800

    /// Reads a text; nil where it is none, or not between one second and a week.
    static func seconds(_ text: String) -> Int? {
        if text.isEmpty { return nil }
        var total = 0
        var digits = ""
        var units: [(name: Character, seconds: Int)] = [("h", 3600), ("m", 60), ("s", 1)]
        for character in text {
            if character.isASCII, character.isNumber {
                digits.append(character)
                if digits.count > 7 { return nil }
                continue
            }
            // The larger unit comes first, each once.
            guard let number = Int(digits), let place = units.firstIndex(where: { $0.name == character }) else {
                return nil
            }
            total += number * units[place].seconds
            units.removeFirst(place + 1)
            digits = ""
        }
        if !digits.isEmpty {
            // Without a unit it is all there is.
            guard digits.count == text.count, let number = Int(digits) else { return nil }
            total = number
        }
        return (1...longest).contains(total) ? total : nil
    }

    /// The text of a number of seconds.
    static func text(_ seconds: Int) -> String {
        let parts = [(seconds / 3600, "h"), (seconds % 3600 / 60, "m"), (seconds % 60, "s")]
        return parts.filter { $0.0 > 0 }.map { "\($0.0)\($0.1)" }.joined()
    }
}
