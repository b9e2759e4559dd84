import JSON
import Patterns
import SystemCalls
import TestSupport
import Testing

struct IgnoreVectorTests {
    @Test func pathsAreExcludedAsMobyDoes() throws {
        for row in try Vectors.rows("dockerignore.json", "match") {
            let path = try #require(row["path"]?.string)
            let patterns = try #require(row["patterns"]).strings.map { Array($0.utf8) }
            guard let excluded = row["excluded"]?.bool else {
                #expect(throws: PatternError.self, "\(row.text)") { try IgnoreMatcher(patterns) }
                continue
            }
            let matcher = try IgnoreMatcher(patterns)
            let cleaned = RelativePath(path.hasSuffix("/") ? String(path.dropLast()) : path)
            #expect(matcher.isExcluded(cleaned) == excluded, "\(row.text)")
        }
    }

    @Test func ignoreFilesAreReadAsMobyDoes() throws {
        for row in try Vectors.rows("dockerignore.json", "read") {
            let patterns = IgnoreFile.patterns(of: Array(try #require(row["text"]?.string).utf8))
            #expect(patterns.map { String(decoding: $0, as: UTF8.self) } == row["patterns"]?.strings)
            if let error = row["compile_error"]?.string {
                #expect { try IgnoreMatcher(patterns) } throws: { ($0 as? PatternError)?.reason == error }
            }
        }
    }

    @Test func walksFindWhatEnginesCopied() throws {
        for row in try Vectors.rows("dockerignore.json", "trees") {
            let matcher = try IgnoreMatcher(IgnoreFile.patterns(of: Array(try #require(row["text"]?.string).utf8)))
            let files = try #require(row["tree"]).strings
            let included = walk(RelativePath(""), matcher.root, matcher, files)
            let wanted = try #require(row["included"]).strings.filter { !$0.hasSuffix("/") }
            #expect(included.sorted() == wanted.sorted(), "\(row["id"]?.string ?? "")")
            for file in try #require(row["excluded_files"]).strings {
                #expect(matcher.isExcluded(RelativePath(file)), "\(file)")
            }
        }
    }

    /// Walks a tree that is given by its files, as a walk of the file system would.
    private func walk(
        _ folder: RelativePath, _ state: IgnoreMatcher.FolderState, _ matcher: IgnoreMatcher, _ files: [String]
    ) -> [String] {
        var found: [String] = []
        let prefix = folder.bytes.isEmpty ? "" : folder.description + "/"
        var folders: Set<String> = []
        for file in files where file.hasPrefix(prefix) {
            let rest = file.dropFirst(prefix.count)
            if let slash = rest.firstIndex(of: "/") {
                folders.insert(prefix + rest[..<slash])
            } else if !matcher.isExcluded(RelativePath(file), in: state) {
                found.append(file)
            }
        }
        for name in folders {
            let entry = matcher.enter(RelativePath(name), in: state)
            if entry.isExcluded, !entry.mayHoldIncluded { continue }
            found += walk(RelativePath(name), entry.state, matcher, files)
        }
        return found
    }
}
