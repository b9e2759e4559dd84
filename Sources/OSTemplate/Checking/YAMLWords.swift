/// What plain scalars of YAML mean.
enum YAMLWords {
    /// The truth value of a plain scalar, YAML 1.2's words.
    static func bool(_ text: String) -> Bool? {
        switch text {
        case "true", "True", "TRUE": true
        case "false", "False", "FALSE": false
        default: nil
        }
    }
}
