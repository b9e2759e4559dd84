/// Git's glob matching (`wildmatch`): `*`, `?`, `[…]` with classes, `\x`, and `**` between slashes.
public enum Wildmatch {
    private enum Verdict {
        case match, mismatch, abort, abortToStarStar
    }

    /// Whether the pattern matches the whole text.
    ///
    /// With `pathname`, wildcards stop at `/` and only `**` crosses it. No part of the pattern is tried twice at one
    /// place: the time is at most pattern × text for each star that stops at `/`.
    public static func matches(
        _ pattern: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>, pathname: Bool, caseFold: Bool = false
    ) -> Bool {
        pattern.withUnsafeBufferPointer { pattern in
            text.withUnsafeBufferPointer { text in
                let matcher = Matcher(pattern: pattern, text: text, pathname: pathname, caseFold: caseFold)
                return matcher.run(0, 0) == .match
            }
        }
    }

    private struct Matcher {
        let pattern: UnsafeBufferPointer<UInt8>
        let text: UnsafeBufferPointer<UInt8>
        let pathname: Bool
        let caseFold: Bool

        private func folded(_ byte: UInt8) -> UInt8 { caseFold ? byte.lowercased : byte }

        private func hasSlash(from start: Int) -> Bool { text[start...].contains(UInt8(ascii: "/")) }

        func run(_ patternStart: Int, _ textStart: Int) -> Verdict {
            var p = patternStart
            var t = textStart
            while p < pattern.count {
                var wanted = pattern[p]
                if t >= text.count && wanted != UInt8(ascii: "*") { return .abort }
                switch wanted {
                case UInt8(ascii: "*"):
                    guard let next = star(&p, t) else { return .match }
                    switch next {
                    case .ended(let verdict): return verdict
                    case .slash(let position): t = position
                    }
                case UInt8(ascii: "?"):
                    if pathname && text[t] == UInt8(ascii: "/") { return .mismatch }
                case UInt8(ascii: "["):
                    guard let end = bracket(p, folded(text[t])) else { return .mismatch }
                    p = end
                case UInt8(ascii: "\\"):
                    p += 1
                    guard p < pattern.count, folded(pattern[p]) == folded(text[t]) else { return .mismatch }
                default:
                    wanted = folded(wanted)
                    if wanted != folded(text[t]) { return .mismatch }
                }
                p += 1
                t += 1
            }
            return t < text.count ? .mismatch : .match
        }

        private enum Star {
            case ended(Verdict)
            case slash(Int)
        }

        /// Handles the stars at `p`, which is left on the last pattern byte that was consumed; nil means a match.
        private func star(_ p: inout Int, _ start: Int) -> Star? {
            var t = start
            let before = p - 1
            p += 1
            var crossesSlash = !pathname
            if p < pattern.count && pattern[p] == UInt8(ascii: "*") {
                while p < pattern.count && pattern[p] == UInt8(ascii: "*") { p += 1 }
                let opened = before < 0 || pattern[before] == UInt8(ascii: "/")
                let closed =
                    p == pattern.count || pattern[p] == UInt8(ascii: "/")
                    || (pattern[p] == UInt8(ascii: "\\") && p + 1 < pattern.count
                        && pattern[p + 1] == UInt8(ascii: "/"))
                if pathname && opened && closed {
                    // `**/` also stands for no folder at all.
                    if p < pattern.count, pattern[p] == UInt8(ascii: "/") {
                        switch run(p + 1, t) {
                        case .match: return nil
                        // The rest does not fit here nor anywhere behind: it was tried by a later star already.
                        case .abort: return .ended(.abort)
                        case .mismatch, .abortToStarStar: break
                        }
                    }
                    crossesSlash = true
                }
            }
            if p == pattern.count { return !crossesSlash && hasSlash(from: t) ? .ended(.mismatch) : nil }
            if !crossesSlash && pattern[p] == UInt8(ascii: "/") {
                guard let slash = text[t...].firstIndex(of: UInt8(ascii: "/")) else { return .ended(.mismatch) }
                return .slash(slash)
            }
            while t < text.count {
                let verdict = run(p, t)
                if verdict != .mismatch {
                    if !crossesSlash || verdict != .abortToStarStar { return .ended(verdict) }
                } else if !crossesSlash && text[t] == UInt8(ascii: "/") {
                    return .ended(.abortToStarStar)
                }
                t += 1
            }
            return .ended(.abort)
        }

        /// The position of the `]` that ends the set at `start` if the set holds `byte`; nil otherwise.
        private func bracket(_ start: Int, _ byte: UInt8) -> Int? {
            var p = start + 1
            guard p < pattern.count else { return nil }
            let negated = pattern[p] == UInt8(ascii: "!") || pattern[p] == UInt8(ascii: "^")
            if negated { p += 1 }
            var found = false
            var previous: UInt8?
            var first = true
            while p < pattern.count, first || pattern[p] != UInt8(ascii: "]") {
                first = false
                var member = pattern[p]
                if member == UInt8(ascii: "["), p + 1 < pattern.count, pattern[p + 1] == UInt8(ascii: ":"),
                    let end = classEnd(p + 2)
                {
                    guard let holds = CharacterClass.holds(pattern[(p + 2)..<end], byte, caseFold: caseFold) else {
                        return nil
                    }
                    if holds { found = true }
                    p = end + 2
                    previous = nil
                    continue
                }
                if member == UInt8(ascii: "\\") {
                    p += 1
                    guard p < pattern.count else { return nil }
                    member = pattern[p]
                    if folded(member) == byte { found = true }
                    previous = member
                } else if member == UInt8(ascii: "-"), let low = previous, p + 1 < pattern.count,
                    pattern[p + 1] != UInt8(ascii: "]")
                {
                    p += 1
                    var high = pattern[p]
                    if high == UInt8(ascii: "\\") {
                        p += 1
                        guard p < pattern.count else { return nil }
                        high = pattern[p]
                    }
                    if low <= byte && byte <= high { found = true }
                    if caseFold && byte.isLetter && low <= byte & ~0x20 && byte & ~0x20 <= high { found = true }
                    previous = nil
                } else {
                    if folded(member) == byte { found = true }
                    previous = member
                }
                p += 1
            }
            guard p < pattern.count, found != negated else { return nil }
            return pathname && byte == UInt8(ascii: "/") ? nil : p
        }

        /// Where the `:]` of a class name that starts at `start` stands.
        private func classEnd(_ start: Int) -> Int? {
            var p = start
            while p < pattern.count && pattern[p] != UInt8(ascii: "]") { p += 1 }
            return p < pattern.count && p > start && pattern[p - 1] == UInt8(ascii: ":") ? p - 1 : nil
        }
    }
}

/// The named sets of a bracket expression, such as `[:space:]`, for ASCII.
private enum CharacterClass {
    static func holds(_ name: Slice<UnsafeBufferPointer<UInt8>>, _ byte: UInt8, caseFold: Bool) -> Bool? {
        let upper = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
        let lower = byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z")
        let visible = byte > 32 && byte < 127
        switch String(decoding: name, as: UTF8.self) {
        case "alnum": return upper || lower || byte.isDigit
        case "alpha": return upper || lower
        case "blank": return byte == 32 || byte == 9
        case "cntrl": return byte < 32 || byte == 127
        case "digit": return byte.isDigit
        case "graph": return visible
        case "lower": return lower
        case "print": return visible || byte == 32
        case "punct": return visible && !(upper || lower || byte.isDigit)
        case "space": return byte == 32 || (9...13).contains(byte)
        case "upper": return upper || (caseFold && lower)
        case "xdigit": return byte.isDigit || (byte.isLetter && byte.lowercased <= UInt8(ascii: "f"))
        default: return nil
        }
    }
}
