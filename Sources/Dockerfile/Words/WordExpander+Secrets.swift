import SystemCalls

extension WordExpander {
    /// What is known of a variable whose value may be secret.
    enum Known {
        /// It is not set.
        case unset
        /// It has a value.
        case set(Expanded)
        /// Its value, or whether it has one, depends on a base image that is not known.
        case unknown
    }

    /// Expands a word; the taint of every variable that was looked at is the word's.
    ///
    /// The word is expanded twice where one was secret: the second time from what is shown of the values. So neither
    /// the text that is shown nor an error can hold a part of one.
    func expand(
        _ word: String, known: (String) -> Known
    ) throws(WordError) -> (result: Result, text: Expanded) {
        var secrets: Set<SecretSource> = []
        do throws(WordError) {
            let result = try expand(word) { name in
                switch known(name) {
                case .unset: return .unset
                case .unknown: return .unknown
                case .set(let value):
                    secrets.formUnion(value.secrets)
                    return .set(value.text)
                }
            }
            if secrets.isEmpty { return (result, Expanded(result.word)) }
            let shown = try? shown(word, known).word
            return (result, Expanded(result.word, shown: shown ?? SecretName.mask, secrets: secrets))
        } catch {
            if secrets.isEmpty { throw error }
            _ = try shown(word, known)
            let names = Expanded("", shown: "", secrets: secrets).secretNames
            throw WordError("failed to process \(Quoted.string(word)): it cannot take the value of \(names)")
        }
    }

    private func shown(_ word: String, _ known: (String) -> Known) throws(WordError) -> Result {
        try expand(word) { name in
            switch known(name) {
            case .unset: .unset
            case .unknown: .unknown
            case .set(let value): .set(value.shown)
            }
        }
    }
}
