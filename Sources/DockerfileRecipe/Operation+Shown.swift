import Dockerfile
import SystemCalls

extension Operation {
    /// The text of the source that a path is, or begins, where it was expanded from secrets.
    private func secretSource(_ path: RelativePath) -> Expanded? {
        for case .secretPath(let source, let text) in sources where source == path || source.isInside(path) {
            return text
        }
        for mount in mounts where mount.source == path {
            if let text = mount.options["source"]?.text, !text.secrets.isEmpty { return text }
        }
        return nil
    }

    /// Whether a path of the context may not be shown, since a secret value went into it.
    func hides(_ path: RelativePath) -> Bool { secretSource(path) != nil }

    /// A source of the operation for messages.
    func shown(_ path: RelativePath) -> String {
        secretSource(path)?.shown ?? (path.bytes.isEmpty ? "." : path.description)
    }
}
