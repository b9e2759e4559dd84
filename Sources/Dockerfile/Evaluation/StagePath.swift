import Patterns

/// Paths inside a stage.
enum StagePath {
    /// A path as WORKDIR takes it: an absolute one as it stands, a relative one below `folder`.
    static func joined(_ folder: String, _ path: String) -> String {
        if path.isEmpty { return folder }
        if path.utf8.first == UInt8(ascii: "/") { return path }
        return PathCleaning.clean(folder + "/" + path)
    }

    /// A destination of COPY below `folder`: cleaned, with the `/` at its end that makes it a folder.
    ///
    /// A `/.` stays, too: builders take it for a file's name where nothing stands there yet.
    static func destination(_ folder: String, _ path: String) -> String {
        let isFolder = path.isEmpty || path == "." || path.hasSuffix("/")
        let cleaned = PathCleaning.clean(path.utf8.first == UInt8(ascii: "/") ? path : folder + "/" + path)
        if cleaned == "/" { return cleaned }
        return isFolder ? cleaned + "/" : path.hasSuffix("/.") ? cleaned + "/." : cleaned
    }

    /// A path below a folder that may not be known.
    static func resolve(_ folder: Value, _ path: Value, _ join: (String, String) -> String) -> Value {
        switch (folder, path) {
        case (.known(let folder), .known(let path)): return .known(join(folder, path))
        case (_, .known(let path)) where path.utf8.first == UInt8(ascii: "/"): return .known(join("/", path))
        case (.symbolic(let symbol), .known(let path)):
            let text = symbol.text.isEmpty ? path : path.isEmpty ? symbol.text : symbol.text + "/" + path
            return .symbolic(Value.Symbol(text, values: symbol.values, shown: join(symbol.shown, path)))
        case (let folder, .symbolic(let symbol)):
            var values = symbol.values
            values["/"] = folder
            return .symbolic(Value.Symbol(symbol.text, values: values, shown: symbol.shown))
        }
    }
}
