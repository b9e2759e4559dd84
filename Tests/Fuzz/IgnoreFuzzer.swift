import Patterns
import SystemCalls

/// Reads what stands before a NUL byte as an ignore file, and asks for the path behind it.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzIgnore(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: start, count: count))
    let split = input.firstIndex(of: 0) ?? input.endIndex
    let components = input[split...].dropFirst().split(separator: UInt8(ascii: "/"))
    guard let matcher = try? IgnoreMatcher(IgnoreFile.patterns(of: Array(input[..<split]))), !components.isEmpty else {
        return 0
    }
    // A walk must come to the same verdict as a single question, and may pass by nothing that is included.
    var path = RelativePath(bytes: [])
    var state = matcher.root
    var isPassedBy = false
    for component in components.dropLast() {
        path = path.appending(RelativePath(bytes: Array(component)))
        let entry = matcher.enter(path, in: state)
        precondition(entry.isExcluded == matcher.isExcluded(path), "the verdict on a folder differs")
        precondition(!isPassedBy || entry.isExcluded, "a folder that is included was passed by")
        if entry.isExcluded, !entry.mayHoldIncluded { isPassedBy = true }
        state = entry.state
    }
    path = path.appending(RelativePath(bytes: Array(components[components.count - 1])))
    let isExcluded = matcher.isExcluded(path, in: state)
    precondition(isExcluded == matcher.isExcluded(path), "the verdict on a file differs")
    precondition(!isPassedBy || isExcluded, "a file that is included was passed by")
    if let pattern = try? GoPattern(Array(input[..<split])) {
        let isMatch = pattern.matches(path)
        for (index, byte) in path.bytes.enumerated() where byte == UInt8(ascii: "/") && isMatch {
            let folder = RelativePath(bytes: Array(path.bytes[..<index]))
            precondition(pattern.mayMatch(below: folder), "a match was passed by")
        }
        precondition(!isMatch || path.isInside(pattern.literalFolder), "a match lies outside of its folder")
    }
    return 0
}
