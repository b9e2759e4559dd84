/// What a template need not write: it is laid over these texts, as over a template that it extends.
enum TemplateDefaults {
    /// The default template of an image type.
    static func layer(imageType: String) throws(TemplateError) -> TemplateValue? {
        let artifact = imageType == "img" ? "tar" : "raw"
        let text = """
            disk:
              name: disk
              partitionTableType: gpt
              artifacts:
                - type: \(artifact)
            """
        return try TemplateFile(name: "(defaults of \(artifact))", folder: "/").parse(Array(text.utf8))
    }
}
