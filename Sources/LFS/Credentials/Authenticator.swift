import Git
import HTTP
import Programs
import SystemCalls
import SystemPackage

/// The login for one endpoint: looked for when it is needed, once however many transfers wait for it.
actor Authenticator {
    private let configuration: LFSConfiguration
    private let endpoint: Endpoint
    private let helper: CredentialHelper
    private let netrc: FilePath?

    private var current: Authorization?
    private var refused: [Authorization] = []
    private var isApproved = false
    private var search: Task<Authorization?, any Error>?

    init(_ configuration: LFSConfiguration, _ endpoint: Endpoint, folder: FilePath?, environment: [String: String]) {
        self.configuration = configuration
        self.endpoint = endpoint
        helper = CredentialHelper(folder: folder, environment: environment)
        netrc = environment["HOME"].map { FilePath(keeping: $0).appending(".netrc") }
    }

    /// The login to send at once: one that worked, one in the URL, or where `lfs.<url>.access` says that one is needed.
    func initial(for url: RequestURL) async throws -> Authorization? {
        if let current { return current }
        if endpoint.httpURL?.password != nil || needsLogin { return try await find(for: url) }
        return nil
    }

    /// The next login after the server refused one, or asked for a first one; nil where there is no other.
    func next(after rejected: Authorization?, for url: RequestURL) async throws -> Authorization? {
        if let rejected, rejected == current {
            current = nil
            refused.append(rejected)
            if let request = rejected.request { try await helper.reject(request, rejected.credential) }
        }
        if let current { return current }
        return try await find(for: url)
    }

    /// Hears that a login works: the helper may store it, and the endpoint is remembered as one that wants a login.
    func accept(_ authorization: Authorization) async throws {
        if isApproved || authorization != current { return }
        isApproved = true
        if let request = authorization.request { try await helper.approve(request, authorization.credential) }
        if needsLogin || endpoint.ssh != nil { return }
        // Without a repository there is no place to remember it.
        _ = try? await ChildProgram.run(
            "git", ["config", "--local", "--replace-all", "lfs.\(endpoint.accessURL).access", "basic"],
            in: helper.folder, environment: helper.environment)
    }

    private var needsLogin: Bool {
        configuration.string("lfs", "access", for: endpoint.accessURL)?.lowercased() == "basic"
    }

    private func find(for url: RequestURL) async throws -> Authorization? {
        if let search { return try await search.value }
        let task = Task { try await look(for: url) }
        search = task
        defer { search = nil }
        current = try await task.value
        isApproved = false
        return current
    }

    /// Goes through the sources in order, leaving out what was refused.
    private func look(for url: RequestURL) async throws -> Authorization? {
        let asked = credentialURL(for: url)
        for holder in [endpoint.httpURL, asked] {
            if let user = holder?.user, let password = holder?.password, holder?.origin == url.origin {
                let found = Authorization(credential: Credential(user: user, password: password), request: nil)
                if !refused.contains(found) { return found }
            }
        }
        if let netrc, let bytes = try? Files.read(netrc, limit: 1 << 20),
            let credential = NetrcFile(String(decoding: bytes, as: UTF8.self)).credential(
                for: asked.host, user: asked.user)
        {
            let found = Authorization(credential: credential, request: nil)
            if !refused.contains(found) { return found }
        }
        let usesPath =
            URLMatch.values("credential", "usehttppath", for: asked.withoutSecrets.wireForm, in: configuration.git).last
            .map { ["true", "yes", "on", "1", ""].contains($0.lowercased()) } ?? false
        let request = CredentialRequest(asked, usesPath: usesPath)
        guard let credential = try await helper.fill(request) else { return nil }
        let found = Authorization(credential: credential, request: request)
        return refused.contains(found) ? nil : found
    }

    /// The URL whose login is asked for: the Git remote's where it is on the same host, so that one login serves both.
    private func credentialURL(for url: RequestURL) -> RequestURL {
        guard let api = endpoint.httpURL, api.origin == url.origin else { return url }
        if let text = endpoint.remoteURL, let remote = try? RequestURL(text), remote.origin == api.origin {
            return remote
        }
        return api
    }
}
