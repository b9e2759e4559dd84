import Git
import SystemCalls

/// Reads what stands before a NUL byte as a `.gitattributes` and a `.gitignore`, and asks for the path behind it.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzAttributes(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: start, count: count))
    let split = input.firstIndex(of: 0) ?? input.endIndex
    let components = input[split...].dropFirst().split(separator: UInt8(ascii: "/"))
    let path = RelativePath(bytes: Array(components.joined(separator: [UInt8(ascii: "/")])))
    let attributes = Attributes(["filter", "text"], text: Array(input[..<split]))
    let first = try? attributes.values(for: path)
    let second = try? attributes.values(for: path)
    precondition(first == second, "one question got two answers")
    let rules = IgnoreRules(patterns: [String(decoding: input[..<split], as: UTF8.self)])
    let isIgnored = try? rules.isIgnored(path, isDirectory: false)
    precondition(isIgnored == (try? rules.isIgnored(path, isDirectory: false)), "one question got two answers")
    return 0
}
