import DockerfileRecipe
import OCI
import Testing

@testable import Context
@testable import OSRecipe
@testable import Records

/// An OS image that is the base of a Dockerfile's (rule 56).
@Suite struct BaseTests {
    private func child(_ project: OSProject) throws -> ImageInputs {
        var request = try project.request()
        request.image = try ImageName("app:latest")
        request.dockerfile = project.root.appending("Dockerfile")
        let base = DeclaredBase(try project.image().inputs)
        return try DockerfileImage.compute(
            request, repository: project.repository(), lock: BaseLock(),
            declared: { named throws(InputsError) in base.name.isMeant(by: named.written) ? base : nil }
        ).inputs
    }

    @Test func aChangedPackageListGivesItAnotherKey() async throws {
        try await OSProject.with(["Dockerfile": "FROM edge\nCOPY src /src\nRUN make\n"]) { (project) async throws in
            let before = try child(project)
            #expect(before.bases.map(\.declared) == [try ImageName("edge")])
            try project.write("os/edge.yml", OSProject.template.replacing("nano]", with: "nano, vim]"))
            let after = try child(project)
            #expect(after.key != before.key)
            #expect(after.record.reasons(since: before.record).map(\.name) == [.baseChanged])
            #expect(before.marks.isEmpty)
        }
    }
}
