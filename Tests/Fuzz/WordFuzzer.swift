import Dockerfile

/// Expands any bytes as a word, under every option.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzWord(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    let variables = ["A": "a*b?c", "LONG": String(repeating: "ab", count: 500), "É": "é", "E": ""]
    for options in 0..<32 {
        var expander = WordExpander()
        expander.escape = options & 1 == 0 ? "\\" : "`"
        expander.keepsQuotes = options & 2 != 0
        expander.keepsEscapes = options & 4 != 0
        expander.ignoresQuotes = options & 8 != 0
        expander.keepsUnset = options & 16 != 0
        expander.growthLimit = 1 << 16
        let result = try? expander.expand(text) { name in
            name == "U" ? .unknown : variables[name].map { .set($0) } ?? .unset
        }
        precondition((result?.word.utf8.count ?? 0) <= 4 * (text.utf8.count + 1 << 17), "a word grew without bound")
    }
    return 0
}
