import Patterns

/// Tells a misspelt word from one that a later version of the language may have.
enum Misspelling {
    /// The known word that a word is meant to be; nil where it is like none of them.
    static func meant(by word: String, _ known: [String]) -> String? {
        let word = GoText.lowercased(word)
        if word.utf8.count > 32 { return nil }
        let limit = word.utf8.count < 5 ? 1 : 2
        let scored = known.map { ($0, distance(Array(word.utf8), Array(GoText.lowercased($0).utf8))) }
        guard let best = scored.min(by: { $0.1 < $1.1 }), best.1 <= limit else { return nil }
        return best.0
    }

    /// Whether a later version could have an instruction of that name: letters only, written in capitals.
    static func isInstruction(_ word: some StringProtocol) -> Bool {
        word.utf8.count > 1 && word.utf8.allSatisfy { (0x41...0x5A).contains($0) }
    }

    /// Whether a later version could have a flag, or a flag's value, of that name: small letters, perhaps with dashes.
    static func isFlag(_ word: some StringProtocol) -> Bool {
        word.utf8.count > 1 && word.utf8.first != UInt8(ascii: "-")
            && word.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == UInt8(ascii: "-") }
    }

    /// How many bytes must be added, dropped, changed or swapped with their neighbour.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var before: [Int] = []
        var last = Array(0...right.count)
        for (i, byte) in left.enumerated() {
            var row = [i + 1]
            for (j, other) in right.enumerated() {
                var best = min(last[j + 1] + 1, row[j] + 1, last[j] + (byte == other ? 0 : 1))
                if i > 0, j > 0, byte == right[j - 1], left[i - 1] == other { best = min(best, before[j - 1] + 1) }
                row.append(best)
            }
            (before, last) = (last, row)
        }
        return last[right.count]
    }
}
