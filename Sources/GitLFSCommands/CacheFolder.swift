import SystemCalls

/// The folder of images, whose objects the verbs take special care of.
enum CacheFolder {
    /// The folder where no configuration names another.
    static let standard: RelativePath = "docker-cache"
}
